// Percent-encoding (RFC 3986) as Signature Version 4 wants it.
#pragma once

#include <string>
#include <string_view>

namespace millrace::auth {

// All but letters, digits and -._~ becomes %XX, in upper case; `/` too unless `keep_slash`.
void append_uri_encoded(std::string& out, std::string_view text, bool keep_slash = false);
// A '%' that two hexadecimal digits do not follow stays as it is. '+' is not a space.
[[nodiscard]] std::string uri_decode(std::string_view text);

}  // namespace millrace::auth
