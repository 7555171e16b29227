#include "json/attribute_value.h"

#include <algorithm>

#include "json/base64.h"
#include "json/scalar.h"

namespace millrace::json {
namespace {

constexpr size_t kNestingLevelsMax = 32;

Error invalid(std::string_view what) {
  return validation_error("One or more parameter values were invalid: " + std::string(what));
}
Error empty_value() {
  return validation_error(
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
}
Error several_types() {
  return validation_error(
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
      "supported datatypes");
}
Error too_deep() {
  return validation_error(
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
      "beyond supported limit");
}

Result<AttributeValue> read_value(Element element, size_t level);

// The type check lets only strings and nulls through where a string is read.
Result<std::string_view> string_of(Element element) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return empty_value();
  return text;
}

Result<Binary> binary_of(Element element) {
  auto bytes = base64_decode(TRY(string_of(element)));
  if (!bytes) return invalid("not base64");
  return Binary{std::move(*bytes)};
}

Result<Number> number_of(Element element) {
  const std::string_view text = TRY(string_of(element));
  return Number::parse(text);
}

// "[a, b]", in the order of the request.
std::string list_text(Array array) {
  std::string text = "[";
  for (const Element member : array) {
    if (text.size() > 1) text += ", ";
    text += member.get_string().value_unsafe();
  }
  return text + "]";
}

// Sorts, and tells whether there were duplicates.
template <typename T>
bool sort_distinct(std::vector<T>& members) {
  std::ranges::sort(members);
  return std::ranges::adjacent_find(members) == members.end();
}

Result<AttributeValue> read_string_set(Array array) {
  if (array.size() == 0) return invalid("An string set  may not be empty");
  StringSet set;
  for (const Element member : array) set.members.emplace_back(TRY(string_of(member)));
  if (sort_distinct(set.members)) return AttributeValue(std::move(set));
  return invalid("Input collection " + list_text(array) + " contains duplicates.");
}

Result<AttributeValue> read_number_set(Array array) {
  if (array.size() == 0) return invalid("An number set  may not be empty");
  NumberSet set;
  for (const Element member : array) {
    set.members.push_back(TRY(number_of(member)));
  }
  if (sort_distinct(set.members)) return AttributeValue(std::move(set));
  return validation_error("Input collection contains duplicates");
}

Result<AttributeValue> read_binary_set(Array array) {
  if (array.size() == 0) return invalid("Binary sets should not be empty");
  BinarySet set;
  for (const Element member : array) set.members.push_back(TRY(binary_of(member)).bytes);
  if (sort_distinct(set.members)) return AttributeValue(std::move(set));
  // The service leaves out the space.
  return invalid("Input collection " + list_text(array) + "of type BS contains duplicates.");
}

Result<AttributeValue> read_list(Array array, size_t level) {
  List list;
  list.reserve(array.size());
  for (const Element element : array) list.push_back(TRY(read_value(element, level + 1)));
  return AttributeValue(std::move(list));
}

Result<AttributeMap> read_members(Object object, size_t level) {
  AttributeMap map;
  for (const auto [name, element] : object) {
    if (name.empty()) return invalid("An attribute name may not be empty");
    if (name.size() > kAttributeNameBytesMax) return attribute_name_too_large();
    map.insert_or_assign(std::string(name), TRY(read_value(element, level)));
  }
  return map;
}

Result<AttributeValue> read_boolean(Element element, AttributeType type) {
  const auto boolean = to_boolean(element);
  if (!boolean) return empty_value();
  if (type == AttributeType::kBoolean) return AttributeValue(*boolean);
  if (!*boolean) return invalid("Null attribute value types must have the value of true");
  return AttributeValue(Null{});
}

Result<AttributeValue> read_scalar(Element element, AttributeType type) {
  switch (type) {
    case AttributeType::kString:
      return AttributeValue(std::string(TRY(string_of(element))));
    case AttributeType::kNumber:
      return AttributeValue(TRY(number_of(element)));
    case AttributeType::kBinary:
      return AttributeValue(TRY(binary_of(element)));
    default:
      return read_boolean(element, type);
  }
}

Result<AttributeValue> read_typed(Element element, AttributeType type, size_t level) {
  if (type == AttributeType::kMap) {
    Object object;
    if (element.get(object) != simdjson::SUCCESS) return empty_value();
    return AttributeValue(TRY(read_members(object, level + 1)));
  }
  const bool is_scalar = type <= AttributeType::kNull;
  if (is_scalar) return read_scalar(element, type);
  Array array;
  if (element.get(array) != simdjson::SUCCESS) return empty_value();
  switch (type) {
    case AttributeType::kStringSet:
      return read_string_set(array);
    case AttributeType::kNumberSet:
      return read_number_set(array);
    case AttributeType::kBinarySet:
      return read_binary_set(array);
    default:
      return read_list(array, level);
  }
}

// Errors inside a value come before the error of having several types.
Result<AttributeValue> read_value(Element element, size_t level) {
  if (level > kNestingLevelsMax) return too_deep();
  Object object;
  if (element.get(object) != simdjson::SUCCESS) return empty_value();
  std::optional<AttributeValue> value;
  bool several = false;
  for (const auto [name, payload] : object) {
    const auto type = attribute_type_of_name(name);
    if (!type || payload.is_null()) continue;
    several = several || value.has_value();
    value = TRY(read_typed(payload, *type, level));
  }
  if (several) return several_types();
  if (!value) return empty_value();
  return *std::move(value);
}

}  // namespace

Error attribute_name_too_large() {
  return validation_error(
      "1 validation error detected: Attribute name is too large, must be less than 65536 bytes");
}

Result<AttributeValue> read_attribute_value(Element value) {
  return read_value(value, 1);
}

Result<AttributeMap> read_attribute_map(Element map) {
  Object object;
  if (map.get(object) != simdjson::SUCCESS) return AttributeMap();
  return read_members(object, 1);
}

}  // namespace millrace::json
