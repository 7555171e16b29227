// Log messages as UTF-8.
#pragma once

#include <string>

namespace millrace::logs {

// `text` cut to `bytes_max` at the end of a character, with U+FFFD for each byte that belongs to
// none.
[[nodiscard]] std::string well_formed(std::string text, size_t bytes_max);

}  // namespace millrace::logs
