// The characters of tag keys and values: letters, digits and spaces of any script and _.:/=+-@
#pragma once

#include <cstddef>
#include <string_view>

namespace millrace::ops {

// Both take well-formed UTF-8.
[[nodiscard]] bool is_tag_text(std::string_view text);
// In UTF-16 units, as the service counts.
[[nodiscard]] size_t tag_text_length(std::string_view text);

}  // namespace millrace::ops
