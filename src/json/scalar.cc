#include "json/scalar.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

namespace millrace::json {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return std::ranges::equal(
      text, lower, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
}

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return equals_ignoring_case(text, word); });
}

}  // namespace

std::optional<bool> to_boolean(Element value) {
  bool boolean = false;
  if (value.get(boolean) == simdjson::SUCCESS) return boolean;
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return std::nullopt;
  if (is_any_of(text, {"true", "1", "yes"})) return true;
  if (is_any_of(text, {"false", "0", "no"})) return false;
  return std::nullopt;
}

std::optional<int64_t> to_integer(Element value) {
  switch (value.type()) {
    case simdjson::dom::element_type::INT64:
      return value.get_int64().value_unsafe();
    case simdjson::dom::element_type::UINT64:
      return kMax;
    case simdjson::dom::element_type::DOUBLE: {
      const double number = std::floor(value.get_double().value_unsafe());
      if (number >= 0x1p63) return kMax;
      if (number < -0x1p63) return kMin;
      return static_cast<int64_t>(number);
    }
    default:
      return std::nullopt;
  }
}

}  // namespace millrace::json
