// Times of Signature Version 4: "20260101T235959Z", and those of the header Date.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace millrace::auth {

// Seconds since 1970; nullopt: it is no time in ISO 8601's basic format.
[[nodiscard]] std::optional<int64_t> parse_amz_date(std::string_view text);
// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110's IMF-fixdate).
[[nodiscard]] std::optional<int64_t> parse_http_date(std::string_view text);

}  // namespace millrace::auth
