#include "api/value_text.h"

#include <functional>

#include <fmt/format.h>

#include "json/scalar.h"

namespace millrace::api {
namespace {

constexpr size_t kTextBytesMax = 64 * 1024;

class ValuePrinter {
 public:
  void print(const Shape& shape, json::Element value) {
    if (text_.size() > kTextBytesMax) return;
    switch (value.type()) {
      case simdjson::dom::element_type::STRING:
        text_ += value.get_string().value_unsafe();
        return;
      case simdjson::dom::element_type::ARRAY:
        print_list(shape, value.get_array().value_unsafe());
        return;
      case simdjson::dom::element_type::OBJECT:
        print_object(shape, value);
        return;
      default:
        print_scalar(shape, value);
    }
  }
  std::string take() { return std::move(text_); }

 private:
  void print_list(const Shape& shape, json::Array array) {
    Separator separator(text_, '[');
    for (const json::Element element : array) {
      if (text_.size() > kTextBytesMax) break;
      separator.next();
      print(*shape.element, element);
    }
    text_.push_back(']');
  }

  void print_object(const Shape& shape, json::Element value) {
    const json::Object object = value.get_object().value_unsafe();
    if (shape.type == ShapeType::kMap) {
      print_map(shape, object);
    } else if (shape.name == "AttributeValue") {
      // The service has no text for these but an address.
      const size_t hash = std::hash<std::string>()(simdjson::minify(value));
      text_ += fmt::format("{}@{:08x}", shape.class_name, static_cast<uint32_t>(hash));
    } else {
      print_structure(shape, object);
    }
  }

  void print_map(const Shape& shape, json::Object object) {
    Separator separator(text_, '{');
    for (const auto [name, element] : object) {
      if (text_.size() > kTextBytesMax) break;
      separator.next();
      text_ += name;
      text_.push_back('=');
      print(*shape.element, element);
    }
    text_.push_back('}');
  }

  void print_structure(const Shape& shape, json::Object object) {
    text_ += shape.name;
    Separator separator(text_, '(');
    for (const Member& member : shape.members) {
      separator.next();
      text_ += lower_first(member.name);
      text_.push_back('=');
      if (const auto value = json::member(object, member.name)) {
        print(*member.shape, *value);
      } else {
        text_ += "null";
      }
    }
    text_.push_back(')');
  }

  void print_scalar(const Shape& shape, json::Element value) {
    const bool is_whole = shape.type == ShapeType::kInteger || shape.type == ShapeType::kLong;
    const auto integer = json::to_integer(value);
    if (is_whole && integer) {
      text_ += std::to_string(*integer);
    } else {
      text_ += simdjson::minify(value);
    }
  }

  struct Separator {
    Separator(std::string& out, char open) : text(out) { text.push_back(open); }
    void next() {
      if (!first) text += ", ";
      first = false;
    }
    std::string& text;
    bool first = true;
  };

  std::string text_;
};

}  // namespace

std::string value_text(const Shape& shape, json::Element value) {
  ValuePrinter printer;
  printer.print(shape, value);
  return printer.take();
}

std::string lower_first(std::string_view name) {
  std::string text(name);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

}  // namespace millrace::api
