#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "api/shapes.h"
#include "api/validate.h"
#include "api/value_text.h"
#include "json/scalar.h"

namespace millrace::api {
namespace {

using json::Element;

constexpr size_t kViolationsMax = 10;

// Where a value stands, as a chain over the call stack, so that valid requests allocate nothing.
struct Path {
  const Path* parent;
  std::string_view name;  // of the member or the map's key
  size_t index = 0;       // of the list's element, from 1
  enum class Kind { kMember, kMapValue, kListElement } kind = Kind::kMember;

  [[nodiscard]] std::string text() const {
    std::string text = parent != nullptr ? parent->text() + "." : "";
    switch (kind) {
      case Kind::kMember:
        return text + lower_first(name);
      case Kind::kMapValue:
        return text + std::string(name) + ".member";
      case Kind::kListElement:
        break;
    }
    return text + std::to_string(index) + ".member";
  }
};

// Java's length of a string.
int64_t utf16_length(std::string_view text) {
  int64_t length = 0;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if ((byte & 0xC0) == 0x80) continue;
    length += byte >= 0xF0 ? 2 : 1;
  }
  return length;
}

bool is_scalar(const Shape& shape) {
  return shape.type != ShapeType::kStructure && shape.type != ShapeType::kList &&
         shape.type != ShapeType::kMap;
}

bool is_whole_number(const Shape& shape) {
  return shape.type == ShapeType::kInteger || shape.type == ShapeType::kLong;
}

// What `min` and `max` bound.
int64_t measure(const Shape& shape, Element value) {
  if (value.is_string()) return utf16_length(value.get_string().value_unsafe());
  if (value.is_array()) return static_cast<int64_t>(value.get_array().value_unsafe().size());
  if (value.is_object()) return static_cast<int64_t>(value.get_object().value_unsafe().size());
  return is_whole_number(shape) ? json::to_integer(value).value_or(0) : 0;
}

std::string minimum_text(const Shape& shape) {
  return fmt::format("Member must have {} greater than or equal to {}",
                     is_whole_number(shape) ? "value" : "length", shape.min);
}
std::string maximum_text(const Shape& shape) {
  return fmt::format("Member must have {} less than or equal to {}",
                     is_whole_number(shape) ? "value" : "length", shape.max);
}
std::string pattern_text(const Shape& shape) {
  return fmt::format("Member must satisfy regular expression pattern: {}", shape.pattern->text);
}
std::string enumeration_text(const Shape& shape) {
  return fmt::format("Member must satisfy enum value set: [{}]",
                     fmt::join(shape.enumeration.begin(), shape.enumeration.end(), ", "));
}

struct Broken {
  bool pattern = false;
  bool enumeration = false;
  bool minimum = false;
  bool maximum = false;

  [[nodiscard]] bool any() const { return pattern || enumeration || minimum || maximum; }
};

bool has_own_constraints(const Shape& shape) {
  return shape.min != kNoMinimum || shape.max != kNoMaximum || shape.pattern != nullptr ||
         !shape.enumeration.empty();
}

Broken broken_text_constraints(const Shape& shape, std::string_view text) {
  Broken broken;
  broken.pattern = shape.pattern != nullptr && !shape.pattern->matches(text);
  broken.enumeration = !shape.enumeration.empty() &&
                       std::ranges::find(shape.enumeration, text) == shape.enumeration.end();
  if (shape.min == kNoMinimum && shape.max == kNoMaximum) return broken;
  const int64_t length = utf16_length(text);
  broken.minimum = length < shape.min;
  broken.maximum = length > shape.max;
  return broken;
}

Broken broken_constraints(const Shape& shape, Element value) {
  if (value.is_string()) {
    return broken_text_constraints(shape, value.get_string().value_unsafe());
  }
  Broken broken;
  if (shape.min == kNoMinimum && shape.max == kNoMaximum) return broken;
  const int64_t measured = measure(shape, value);
  broken.minimum = measured < shape.min;
  broken.maximum = measured > shape.max;
  return broken;
}

// Every constraint of `shape`: the service shows them all when an element breaks one.
std::string all_constraints_text(const Shape& shape) {
  std::vector<std::string> texts;
  if (shape.max != kNoMaximum) texts.push_back(maximum_text(shape));
  if (shape.min != kNoMinimum) texts.push_back(minimum_text(shape));
  if (shape.pattern != nullptr) texts.push_back(pattern_text(shape));
  if (!shape.enumeration.empty()) texts.push_back(enumeration_text(shape));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

bool is_arn(Element value) {
  return value.is_string() && value.get_string().value_unsafe().starts_with("arn:");
}

// Whether it is the name of the table, stream or function that the request is about.
bool is_subject(const Member& member) {
  return member.presence != Presence::kOptional && member.shape->unless_arn != nullptr;
}

class ConstraintChecker {
 public:
  // `subject_is_good`: it has been checked.
  void check_structure(const Shape& shape, Element value, const Path* path,
                       bool subject_is_good = false) {
    const json::Object object = value.get_object().value_unsafe();
    for (const Member& member : shape.members) {
      if (member.presence == Presence::kOptional && !member.shape->constrained) continue;
      const Path at{path, member.name};
      if (const auto found = json::member(object, member.name)) {
        if (!subject_is_good || !is_subject(member)) check(*member.shape, *found, at);
      } else if (member.presence != Presence::kOptional) {
        add(at, "null", "Member must not be null");
      }
    }
  }

  void check(const Shape& shape, Element value, const Path& path) {
    if (!shape.constrained || value.is_null()) return;
    const Broken broken = broken_constraints(shape, value);
    if (broken.any()) [[unlikely]] {
      add_broken(shape, broken, value, path);
    } else if (shape.unless_arn != nullptr && !is_arn(value)) {
      check(*shape.unless_arn, value, path);
    }
    switch (shape.type) {
      case ShapeType::kStructure:
        return check_structure(shape, value, &path);
      case ShapeType::kList:
        return check_list(shape, value, path);
      case ShapeType::kMap:
        return check_map(shape, value, path);
      default:
        return;
    }
  }

  [[nodiscard]] Status result() const {
    if (violations_.empty()) return Done{};
    return validation_error(fmt::format("{} validation error{} detected: {}", violations_.size(),
                                        violations_.size() == 1 ? "" : "s",
                                        fmt::join(violations_, "; ")));
  }

 private:
  void check_list(const Shape& shape, Element value, const Path& path) {
    const Shape& element_shape = *shape.element;
    if (!element_shape.constrained) return;
    bool any_broken = false;
    size_t index = 0;
    const json::Array array = value.get_array().value_unsafe();
    for (const Element element : array) {
      ++index;
      if (has_own_constraints(element_shape) && !element.is_null()) {
        any_broken = any_broken || broken_constraints(element_shape, element).any();
      }
      if (!is_scalar(element_shape)) {
        check_inside(element_shape, element, {&path, {}, index, Path::Kind::kListElement});
      }
    }
    if (any_broken) {
      add(path, value_text(shape, value),
          "Member must satisfy constraint: " + all_constraints_text(element_shape));
    }
  }

  void check_map(const Shape& shape, Element value, const Path& path) {
    const Shape& element_shape = *shape.element;
    bool any_key_broken = false;
    bool any_value_broken = false;
    const json::Object object = value.get_object().value_unsafe();
    for (const auto [name, element] : object) {
      if (shape.key != nullptr) {
        any_key_broken = any_key_broken || broken_text_constraints(*shape.key, name).any();
      }
      if (!element_shape.constrained || element.is_null()) continue;
      any_value_broken = any_value_broken || broken_constraints(element_shape, element).any();
      if (!is_scalar(element_shape)) {
        check_inside(element_shape, element, {&path, name, 0, Path::Kind::kMapValue});
      }
    }
    if (any_key_broken) {
      add(path, value_text(shape, value),
          "Map keys must satisfy constraint: " + all_constraints_text(*shape.key));
    }
    if (any_value_broken) {
      add(path, value_text(shape, value),
          "Map value must satisfy constraint: " + all_constraints_text(element_shape));
    }
  }

  // An element's own constraints are reported at its list or map.
  void check_inside(const Shape& shape, Element value, const Path& path) {
    if (value.is_null() || violations_.size() >= kViolationsMax) return;
    if (shape.type == ShapeType::kStructure) return check_structure(shape, value, &path);
    if (shape.type == ShapeType::kList) return check_list(shape, value, path);
    check_map(shape, value, path);
  }

  void add_broken(const Shape& shape, const Broken& broken, Element value, const Path& path) {
    const std::string text = value_text(shape, value);
    if (broken.pattern) add(path, text, pattern_text(shape));
    if (broken.enumeration) add(path, text, enumeration_text(shape));
    if (broken.minimum) add(path, text, minimum_text(shape));
    if (broken.maximum) add(path, text, maximum_text(shape));
  }

  void add(const Path& path, std::string_view value, std::string_view constraint) {
    if (violations_.size() >= kViolationsMax) return;
    const std::string_view quote = value == "null" ? "" : "'";
    violations_.push_back(fmt::format("Value {0}{1}{0} at '{2}' failed to satisfy constraint: {3}",
                                      quote, value, path.text(), constraint));
  }

  std::vector<std::string> violations_;
};

// The service looks at the table's name before anything else, and reports nothing else when it is
// bad.
Status check_table_name(const Shape& shape, json::Object input) {
  for (const Member& member : shape.members) {
    if (member.presence == Presence::kOptional) continue;
    const auto value = json::member(input, member.name);
    if (!value && member.presence == Presence::kRequiredParameter) {
      return validation_error(fmt::format(
          "The parameter '{}' is required but was not present in the request", member.name));
    }
    if (!value || !is_subject(member)) continue;
    ConstraintChecker checker;
    checker.check(*member.shape, *value, {nullptr, member.name});
    if (auto status = checker.result(); !status) return status;
  }
  return Done{};
}

}  // namespace

Status check_constraints(const Shape& shape, json::Element input) {
  // A request without a body's object is one without members.
  static const json::Document empty = std::move(json::Document::parse("{}")).value();
  const json::Element request = input.is_object() ? input : empty.root();
  if (auto status = check_table_name(shape, request.get_object().value_unsafe()); !status) {
    return status;
  }
  ConstraintChecker checker;
  checker.check_structure(shape, request, nullptr, true);
  return checker.result();
}

}  // namespace millrace::api
