// Comparison of texts regardless of case, in every script.
#pragma once

#include <string>
#include <string_view>

namespace millrace::triggers {

// Texts that differ in case only become the same. Takes well-formed UTF-8.
[[nodiscard]] std::string fold_case(std::string_view text);

}  // namespace millrace::triggers
