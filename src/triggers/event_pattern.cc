#include "triggers/event_pattern.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "triggers/value_matcher.h"

namespace millrace::triggers {
namespace {

using simdjson::dom::element_type;

constexpr std::string_view kOr = "$or";
constexpr std::string_view kExists = "exists";

size_t character_count(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

}  // namespace

// The values that one member may have. It matches what is an array if it matches any element.
struct EventPattern::Leaf {
  std::vector<ValueMatcher> matchers;
  bool matches_presence = false;
  bool matches_absence = false;

  [[nodiscard]] bool matches(std::optional<json::Element> value) const {
    bool present = false;
    return (value && matches_any(*value, present)) || (!present && matches_absence);
  }

 private:
  // Sets `present` when there is any scalar: an object or an empty array is no value.
  [[nodiscard]] bool matches_any(json::Element value, bool& present) const {
    if (value.type() == element_type::OBJECT) return false;
    json::Array array;
    if (value.get(array) == simdjson::SUCCESS) {
      // Not std::ranges::any_of(): simdjson's iterators are none of the standard's.
      for (const json::Element element : array) {
        if (matches_any(element, present)) return true;
      }
      return false;
    }
    present = true;
    return matches_presence || std::ranges::any_of(matchers, [&](const ValueMatcher& matcher) {
             return matcher(value);
           });
  }
};

// Members, each of which must match, and of each list of alternatives one.
struct EventPattern::Fields {
  std::vector<std::pair<std::string, std::variant<Fields, Leaf>>> members;
  std::vector<std::vector<Fields>> alternatives;

  // Of an array, one element must match in all.
  [[nodiscard]] bool matches(std::optional<json::Element> value) const {
    json::Array array;
    if (value && value->get(array) == simdjson::SUCCESS && array.begin() != array.end()) {
      for (const json::Element element : array) {
        if (matches(element)) return true;
      }
      return false;
    }
    json::Object object;
    const bool is_object = value && value->get(object) == simdjson::SUCCESS;
    const auto member_matches = [&](const auto& member) {
      std::optional<json::Element> found;
      json::Element element;
      if (is_object && object.at_key(member.first).get(element) == simdjson::SUCCESS) {
        found = element;
      }
      return std::visit([&](const auto& pattern) { return pattern.matches(found); }, member.second);
    };
    const auto one_matches = [&](const std::vector<Fields>& list) {
      return std::ranges::any_of(list, [&](const Fields& fields) { return fields.matches(value); });
    };
    return std::ranges::all_of(members, member_matches) &&
           std::ranges::all_of(alternatives, one_matches);
  }
};

struct EventPattern::Compiler {
  static std::optional<Fields> fields_of(json::Object object) {
    Fields fields;
    for (const auto& [name, value] : object) {
      if (name == kOr && is_alternatives(value)) {
        auto list = alternatives_of(value.get_array().value_unsafe());
        if (!list) return std::nullopt;
        fields.alternatives.push_back(std::move(*list));
        continue;
      }
      auto member = member_of(value);
      if (!member) return std::nullopt;
      fields.members.emplace_back(std::string(name), std::move(*member));
    }
    if (fields.members.empty() && fields.alternatives.empty()) return std::nullopt;
    return fields;
  }

 private:
  static std::optional<std::variant<Fields, Leaf>> member_of(json::Element value) {
    json::Object object;
    if (value.get(object) == simdjson::SUCCESS) {
      auto fields = fields_of(object);
      if (!fields) return std::nullopt;
      return std::move(*fields);
    }
    json::Array array;
    if (value.get(array) != simdjson::SUCCESS) return std::nullopt;
    auto leaf = leaf_of(array);
    if (!leaf) return std::nullopt;
    return std::move(*leaf);
  }

  static std::optional<Leaf> leaf_of(json::Array array) {
    Leaf leaf;
    if (array.begin() == array.end()) return std::nullopt;
    for (const json::Element element : array) {
      json::Object object;
      json::Element exists;
      if (element.get(object) == simdjson::SUCCESS &&
          object.at_key(kExists).get(exists) == simdjson::SUCCESS) {
        bool wanted = false;
        if (object.size() != 1 || exists.get(wanted) != simdjson::SUCCESS) return std::nullopt;
        (wanted ? leaf.matches_presence : leaf.matches_absence) = true;
        continue;
      }
      auto matcher = compile_value(element);
      if (!matcher) return std::nullopt;
      leaf.matchers.push_back(std::move(*matcher));
    }
    return leaf;
  }

  // A "$or" that has not this form is the name of a member.
  static bool is_alternatives(json::Element value) {
    json::Array array;
    if (value.get(array) != simdjson::SUCCESS || array.size() < 2) return false;
    for (const json::Element element : array) {
      json::Object object;
      if (element.get(object) != simdjson::SUCCESS) return false;
      for (const auto& [name, unused] : object) {
        if (name == kExists || is_operator(name)) return false;
      }
    }
    return true;
  }

  static std::optional<std::vector<Fields>> alternatives_of(json::Array array) {
    std::vector<Fields> list;
    for (const json::Element element : array) {
      auto fields = fields_of(element.get_object().value_unsafe());
      if (!fields) return std::nullopt;
      list.push_back(std::move(*fields));
    }
    return list;
  }
};

Result<EventPattern> EventPattern::compile(std::string_view text) {
  const Error invalid{ErrorCode::kInvalidParameterValueException,
                      "Invalid filter pattern definition."};
  if (character_count(text) > kPatternCharactersMax) return invalid;
  auto document = json::Document::parse(text);
  json::Object root;
  if (!document || document->root().get(root) != simdjson::SUCCESS) return invalid;
  auto fields = Compiler::fields_of(root);
  if (!fields) return invalid;
  return EventPattern(std::make_shared<const Fields>(std::move(*fields)));
}

bool EventPattern::matches(json::Element record) const {
  return root_->matches(record);
}

}  // namespace millrace::triggers
