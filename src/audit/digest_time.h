// Times as digests and the names of objects have them: UTC, whole seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::audit {

// "2026-01-02T03:04:05Z"
[[nodiscard]] std::string digest_time(int64_t milliseconds_since_1970);
// Of that form alone, in milliseconds since 1970.
[[nodiscard]] std::optional<int64_t> parse_digest_time(std::string_view text);
// Of "20260102T030405Z".
[[nodiscard]] std::optional<int64_t> parse_compact_time(std::string_view text);

}  // namespace millrace::audit
