#pragma once

#include <cstddef>
#include <string>

#include "json/document.h"
#include "json/writer.h"

namespace millrace::functions {

// As many as the service puts on a page, whatever MaxItems says.
inline constexpr size_t kPageItemsMax = 50;
[[nodiscard]] size_t page_items(json::Object input);

// The member NextMarker, where there is more.
void write_next_marker(json::Writer& writer, bool more, const std::string& marker);

}  // namespace millrace::functions
