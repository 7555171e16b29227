// Limits of expressions (Developer Guide, "Expression parameters").
#pragma once

#include <cstddef>
#include <string>

namespace millrace::expr {

inline constexpr size_t kExpressionBytesMax = 4096;
inline constexpr size_t kOperatorsMax = 300;  // operators and functions
inline constexpr size_t kInOperandsMax = 100;
inline constexpr size_t kPathStepsMax = 32;
inline constexpr size_t kListIndexMax = 2'147'483'647;
inline constexpr size_t kNestingLevelsMax = 32;  // an attribute is the first

// The service counts no further than it must.
[[nodiscard]] inline std::string too_many_operators() {
  return "The expression contains too many operators; operator count: " +
         std::to_string(kOperatorsMax + 1);
}

}  // namespace millrace::expr
