#pragma once

#include <algorithm>
#include <string_view>

namespace millrace::access {

// Of ASCII letters.
[[nodiscard]] inline bool same_but_for_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(left, right, {}, lower, lower);
}

}  // namespace millrace::access
