// Sequence numbers as clients see them: 21 digits without a leading zero, ordered as integers and,
// within a table, in the order of the commits. One is a log position behind a fixed offset.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace millrace::streams {

[[nodiscard]] std::string format_sequence_number(engine::LogPosition position);
// nullopt for anything format_sequence_number() cannot have written.
[[nodiscard]] std::optional<engine::LogPosition> parse_sequence_number(std::string_view text);

}  // namespace millrace::streams
