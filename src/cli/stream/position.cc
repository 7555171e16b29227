#include "cli/stream/position.h"

#include <algorithm>

#include "cli/stream/time_text.h"

namespace millrace::cli::stream {

namespace {

constexpr size_t kSequenceNumberDigitsMin = 21;
constexpr size_t kSequenceNumberDigitsMax = 40;

bool is_sequence_number(std::string_view text) {
  return text.size() >= kSequenceNumberDigitsMin && text.size() <= kSequenceNumberDigitsMax &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<Position> parse_position(std::string_view text, int64_t now_seconds) {
  if (text == "trim-horizon") return Position{};
  if (text == "latest") return Position{.kind = Position::Kind::kLatest};
  if (is_sequence_number(text)) {
    return Position{.kind = Position::Kind::kAt, .sequence_number = std::string(text)};
  }
  const auto seconds = parse_time(text, now_seconds);
  if (!seconds) return std::nullopt;
  return Position{.kind = Position::Kind::kTime, .sequence_number = {}, .seconds = *seconds};
}

}  // namespace millrace::cli::stream
