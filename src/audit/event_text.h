// Texts of clients in records.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "json/writer.h"

namespace millrace::audit {

// The beginning of the text that ends with a whole character and has at most so many bytes.
[[nodiscard]] std::string_view text_within(std::string_view text, size_t bytes_max);
// Writes a member, if the text is not empty: at most so many bytes of it, and U+FFFD for every byte
// that is not UTF-8.
void write_text(json::Writer& writer, std::string_view name, std::string_view text,
                size_t bytes_max);

}  // namespace millrace::audit
