#pragma once

#include <string_view>

namespace millrace::cli::stream {

// Whether `left` comes before `right`: they are integers of any length without a leading zero.
[[nodiscard]] inline bool sequence_precedes(std::string_view left, std::string_view right) {
  return left.size() != right.size() ? left.size() < right.size() : left < right;
}

}  // namespace millrace::cli::stream
