#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::cli::stream {

// Where in a shard, or in a stream, to begin.
struct Position {
  enum class Kind {
    kTrimHorizon,
    kLatest,
    kAt,     // sequence_number
    kAfter,  // sequence_number
    kTime,   // seconds: records of that time or later
  };

  Kind kind = Kind::kTrimHorizon;
  std::string sequence_number = {};
  int64_t seconds = 0;  // since 1970

  friend bool operator==(const Position&, const Position&) = default;
};

// "trim-horizon", "latest", a sequence number (21 to 40 digits) or a time (see parse_time()).
[[nodiscard]] std::optional<Position> parse_position(std::string_view text, int64_t now_seconds);

}  // namespace millrace::cli::stream
