#include <string>

#include "api/shapes.h"
#include "api/validate.h"
#include "json/base64.h"
#include "json/scalar.h"

namespace millrace::api {
namespace {

using json::Element;
using ElementType = simdjson::dom::element_type;

// The service words some errors by where the value stands: a member of a structure, or an element
// of a list or map (as is the whole request).
enum class Place { kMember, kElement };

Error type_error(std::string message) {
  return {ErrorCode::kSerializationException, std::move(message)};
}

Error unrecognized_collection(const Shape& shape) {
  const bool is_generic = shape.type == ShapeType::kMap || shape.type == ShapeType::kList;
  return type_error("Unrecognized collection type " + std::string(is_generic ? "" : "class ") +
                    std::string(shape.class_name));
}

Error unexpected_structure() {
  return type_error("Start of structure or map found where not expected");
}

Error no_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return type_error("Base64 encoded length is expected a multiple of 4 bytes but found: " +
                      std::to_string(text.size()));
  }
  return type_error("Invalid last non-pad Base64 character dectected");
}

// The service's name of a scalar token.
std::string_view token_name(Element value) {
  switch (value.type()) {
    case ElementType::STRING:
      return "STRING_VALUE";
    case ElementType::BOOL:
      return value.get_bool().value_unsafe() ? "TRUE_VALUE" : "FALSE_VALUE";
    case ElementType::DOUBLE:
      return "DECIMAL_VALUE";
    default:
      return "NUMBER_VALUE";
  }
}

Error not_convertible(const Shape& shape, Element value) {
  const std::string_view name = shape.class_name;
  return type_error(std::string(token_name(value)) + " cannot be converted to " +
                    std::string(name.substr(name.rfind('.') + 1)));
}

Error scalar_in_container(const Shape& shape, Place place) {
  if (place == Place::kMember) return type_error("Unexpected field type");
  if (shape.type == ShapeType::kStructure) {
    return type_error("Unexpected value type in payload");
  }
  return type_error(
      "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class "
      "java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and "
      "java.lang.Class are in module java.base of loader 'bootstrap')");
}

bool is_number(Element value) {
  const ElementType type = value.type();
  return type == ElementType::INT64 || type == ElementType::UINT64 || type == ElementType::DOUBLE;
}

Status check_blob(Element value) {
  if (!value.is_string()) {
    return type_error("only base-64-encoded strings are convertible to bytes");
  }
  const std::string_view text = value.get_string().value_unsafe();
  if (!json::is_base64(text)) return no_base64(text);
  return Done{};
}

Status check_scalar(const Shape& shape, Element value) {
  switch (shape.type) {
    case ShapeType::kString:
      if (!value.is_string()) return not_convertible(shape, value);
      return Done{};
    case ShapeType::kBoolean:
      if (json::to_boolean(value)) return Done{};
      if (value.is_string()) return type_error("Unexpected token received from parser");
      return not_convertible(shape, value);
    case ShapeType::kBlob:
      return check_blob(value);
    default:
      if (!is_number(value)) return not_convertible(shape, value);
      return Done{};
  }
}

const Shape* member_shape(const Shape& structure, std::string_view name) {
  for (const Member& member : structure.members) {
    if (member.name == name) return member.shape;
  }
  return nullptr;
}

Status check(const Shape& shape, Element value, Place place);

Status check_object(const Shape& shape, json::Object object) {
  const bool is_map = shape.type == ShapeType::kMap;
  if (!is_map && shape.type != ShapeType::kStructure) return unexpected_structure();
  const Place place = is_map ? Place::kElement : Place::kMember;
  for (const auto [name, value] : object) {
    const Shape* inner = is_map ? shape.element : member_shape(shape, name);
    if (inner == nullptr || value.is_null()) continue;
    if (auto status = check(*inner, value, place); !status) return status;
  }
  return Done{};
}

Status check_array(const Shape& shape, json::Array array) {
  if (shape.type != ShapeType::kList) return unrecognized_collection(shape);
  for (const Element value : array) {
    if (value.is_null()) continue;
    if (auto status = check(*shape.element, value, Place::kElement); !status) return status;
  }
  return Done{};
}

Status check(const Shape& shape, Element value, Place place) {
  switch (value.type()) {
    case ElementType::OBJECT:
      return check_object(shape, value.get_object().value_unsafe());
    case ElementType::ARRAY:
      return check_array(shape, value.get_array().value_unsafe());
    default:
      break;
  }
  if (shape.type == ShapeType::kStructure || shape.type == ShapeType::kMap ||
      shape.type == ShapeType::kList) {
    return scalar_in_container(shape, place);
  }
  return check_scalar(shape, value);
}

}  // namespace

Status check_types(const Shape& shape, json::Element input) {
  if (input.is_null()) return Done{};
  return check(shape, input, Place::kElement);
}

}  // namespace millrace::api
