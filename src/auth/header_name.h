// Names of headers, whose case does not count.
#pragma once

#include <algorithm>
#include <string_view>

namespace millrace::auth {

[[nodiscard]] constexpr char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// As std::string_view::compare has it; `lower_case_name` has no capitals.
[[nodiscard]] constexpr int compare_name(std::string_view name, std::string_view lower_case_name) {
  const size_t common = std::min(name.size(), lower_case_name.size());
  for (size_t i = 0; i < common; ++i) {
    const auto left = static_cast<unsigned char>(lower_case(name[i]));
    const auto right = static_cast<unsigned char>(lower_case_name[i]);
    if (left != right) return left < right ? -1 : 1;
  }
  if (name.size() == lower_case_name.size()) return 0;
  return name.size() < lower_case_name.size() ? -1 : 1;
}

[[nodiscard]] constexpr bool is_name(std::string_view name, std::string_view lower_case_name) {
  return name.size() == lower_case_name.size() && compare_name(name, lower_case_name) == 0;
}

}  // namespace millrace::auth
