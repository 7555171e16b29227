#include "triggers/value_matcher.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "triggers/cidr_block.h"
#include "triggers/letter_case.h"
#include "triggers/wildcard.h"

namespace millrace::triggers {
namespace {

// Holds every number that JSON text gives us, signed, unsigned or double, exactly.
using Number = long double;
static_assert(std::numeric_limits<Number>::digits >= 64);

std::optional<Number> number_of(json::Element value) {
  int64_t integer = 0;
  uint64_t natural = 0;
  double fraction = 0;
  if (value.is_int64() && value.get(integer) == simdjson::SUCCESS) return integer;
  if (value.is_uint64() && value.get(natural) == simdjson::SUCCESS) return natural;
  if (value.is_double() && value.get(fraction) == simdjson::SUCCESS) return fraction;
  return std::nullopt;
}

std::optional<std::string> string_of(json::Element value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

// Operators on strings match nothing else.
template <typename Predicate>
ValueMatcher on_string(Predicate predicate) {
  return [predicate = std::move(predicate)](json::Element value) {
    std::string_view text;
    return value.get(text) == simdjson::SUCCESS && predicate(text);
  };
}

// The one member of an object, if it has one only.
std::optional<std::pair<std::string_view, json::Element>> only_member(json::Element value) {
  json::Object object;
  if (value.get(object) != simdjson::SUCCESS || object.size() != 1) return std::nullopt;
  const auto member = *object.begin();
  return std::pair(member.key, member.value);
}

ValueMatcher equals(std::string wanted) {
  return on_string([wanted = std::move(wanted)](std::string_view text) { return text == wanted; });
}

ValueMatcher equals(Number wanted) {
  return [wanted](json::Element value) { return number_of(value) == wanted; };
}

std::optional<ValueMatcher> compile_scalar(json::Element value) {
  if (auto text = string_of(value)) return equals(std::move(*text));
  if (const auto number = number_of(value)) return equals(*number);
  if (value.is_null()) return [](json::Element seen) { return seen.is_null(); };
  bool wanted = false;
  if (value.get(wanted) != simdjson::SUCCESS) return std::nullopt;
  return [wanted](json::Element seen) {
    bool boolean = false;
    return seen.get(boolean) == simdjson::SUCCESS && boolean == wanted;
  };
}

std::optional<ValueMatcher> compile_ignoring_case(json::Element argument) {
  const auto text = string_of(argument);
  if (!text) return std::nullopt;
  return on_string(
      [folded = fold_case(*text)](std::string_view seen) { return fold_case(seen) == folded; });
}

// `has` is text.starts_with() or text.ends_with().
template <typename Has>
std::optional<ValueMatcher> compile_affix(json::Element argument, Has has) {
  if (auto text = string_of(argument)) {
    if (text->empty()) return std::nullopt;
    return on_string(
        [affix = *text, has](std::string_view seen) { return has(seen, std::string_view(affix)); });
  }
  const auto inner = only_member(argument);
  if (!inner || inner->first != "equals-ignore-case") return std::nullopt;
  const auto text = string_of(inner->second);
  if (!text || text->empty()) return std::nullopt;
  return on_string([affix = fold_case(*text), has](std::string_view seen) {
    return has(std::string_view(fold_case(seen)), std::string_view(affix));
  });
}

std::optional<ValueMatcher> compile_prefix(json::Element argument) {
  return compile_affix(argument, [](std::string_view text, std::string_view prefix) {
    return text.starts_with(prefix);
  });
}

std::optional<ValueMatcher> compile_suffix(json::Element argument) {
  return compile_affix(argument, [](std::string_view text, std::string_view suffix) {
    return text.ends_with(suffix);
  });
}

std::optional<ValueMatcher> compile_exactly(json::Element argument) {
  auto text = string_of(argument);
  if (!text) return std::nullopt;
  return equals(std::move(*text));
}

std::optional<ValueMatcher> compile_wildcard(json::Element argument) {
  const auto text = string_of(argument);
  auto wildcard = text ? Wildcard::compile(*text) : std::nullopt;
  if (!wildcard) return std::nullopt;
  return on_string(
      [wildcard = std::move(*wildcard)](std::string_view seen) { return wildcard.matches(seen); });
}

std::optional<ValueMatcher> compile_cidr(json::Element argument) {
  const auto text = string_of(argument);
  const auto block = text ? CidrBlock::parse(*text) : std::nullopt;
  if (!block) return std::nullopt;
  return on_string([block = *block](std::string_view seen) { return block.contains(seen); });
}

struct Range {
  Number low = -std::numeric_limits<Number>::infinity();
  Number high = std::numeric_limits<Number>::infinity();
  bool includes_low = false;
  bool includes_high = false;

  [[nodiscard]] bool contains(Number number) const {
    return (number > low || (includes_low && number == low)) &&
           (number < high || (includes_high && number == high));
  }
};

// ["=", 1], ["<", 1], [">=", 1] or a lower bound and then an upper one: [">", 0, "<=", 5].
std::optional<ValueMatcher> compile_numeric(json::Element argument) {
  json::Array terms;
  if (argument.get(terms) != simdjson::SUCCESS) return std::nullopt;
  if (terms.size() != 2 && terms.size() != 4) return std::nullopt;
  Range range;
  for (size_t i = 0; i < terms.size(); i += 2) {
    const auto comparison = string_of(terms.at(i).value_unsafe());
    const auto number = number_of(terms.at(i + 1).value_unsafe());
    if (!comparison || !number) return std::nullopt;
    const bool only = terms.size() == 2;
    if (*comparison == "=" && only) return equals(*number);
    if ((*comparison == ">" || *comparison == ">=") && i == 0) {
      range.low = *number;
      range.includes_low = *comparison == ">=";
    } else if ((*comparison == "<" || *comparison == "<=") && (only || i == 2)) {
      range.high = *number;
      range.includes_high = *comparison == "<=";
    } else {
      return std::nullopt;
    }
  }
  if (range.low >= range.high) return std::nullopt;
  return [range](json::Element value) {
    const auto number = number_of(value);
    return number && range.contains(*number);
  };
}

std::optional<ValueMatcher> compile_anything_but(json::Element argument);

using CompileOperator = std::optional<ValueMatcher> (*)(json::Element argument);
constexpr std::array<std::pair<std::string_view, CompileOperator>, 8> kOperators = {{
    {"anything-but", compile_anything_but},
    {"cidr", compile_cidr},
    {"equals-ignore-case", compile_ignoring_case},
    {"exactly", compile_exactly},
    {"numeric", compile_numeric},
    {"prefix", compile_prefix},
    {"suffix", compile_suffix},
    {"wildcard", compile_wildcard},
}};

CompileOperator find_operator(std::string_view name) {
  const auto* found =
      std::ranges::find(kOperators, name, [](const auto& row) { return row.first; });
  return found == kOperators.end() ? nullptr : found->second;
}

// A value or a list of them, by the same rule.
template <typename Compile>
std::optional<std::vector<ValueMatcher>> compile_all(json::Element argument, Compile compile) {
  std::vector<ValueMatcher> matchers;
  const auto add = [&](json::Element value) {
    auto matcher = compile(value);
    if (matcher) matchers.push_back(std::move(*matcher));
    return matcher.has_value();
  };
  json::Array list;
  if (argument.get(list) != simdjson::SUCCESS) {
    if (!add(argument)) return std::nullopt;
    return matchers;
  }
  for (const json::Element value : list) {
    if (!add(value)) return std::nullopt;
  }
  if (matchers.empty()) return std::nullopt;
  return matchers;
}

// Whether all of a list are strings, or all numbers.
bool is_of_one_type(json::Element argument) {
  json::Array list;
  if (argument.get(list) != simdjson::SUCCESS) return argument.is_string() || argument.is_number();
  size_t strings = 0;
  size_t numbers = 0;
  for (const json::Element value : list) {
    strings += value.is_string() ? 1 : 0;
    numbers += value.is_number() ? 1 : 0;
  }
  return std::max(strings, numbers) == list.size();
}

std::optional<ValueMatcher> compile_anything_but(json::Element argument) {
  std::optional<std::vector<ValueMatcher>> excluded;
  if (const auto inner = only_member(argument)) {
    constexpr std::array<std::string_view, 4> kInner = {"prefix", "suffix", "equals-ignore-case",
                                                        "wildcard"};
    if (std::ranges::find(kInner, inner->first) == kInner.end()) return std::nullopt;
    excluded = compile_all(inner->second, find_operator(inner->first));
  } else if (is_of_one_type(argument)) {
    excluded = compile_all(argument, compile_scalar);
  }
  if (!excluded) return std::nullopt;
  return [excluded = std::move(*excluded)](json::Element value) {
    return std::ranges::none_of(excluded,
                                [&](const ValueMatcher& matcher) { return matcher(value); });
  };
}

}  // namespace

std::optional<ValueMatcher> compile_value(json::Element value) {
  const auto member = only_member(value);
  if (!member) return compile_scalar(value);
  const CompileOperator compile = find_operator(member->first);
  return compile ? compile(member->second) : std::nullopt;
}

bool is_operator(std::string_view name) {
  return find_operator(name) != nullptr;
}

}  // namespace millrace::triggers
