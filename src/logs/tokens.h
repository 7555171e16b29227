// Tokens that clients see: event ids, sequence tokens, and where a page goes on. None is secret:
// each says no more than a place in what its holder may read anyway.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "logs/group.h"

namespace millrace::logs {

// 56 digits, as the service's, in the order of time. `scope` is the number of a group or stream.
[[nodiscard]] std::string position_token(uint64_t scope, Position position);
// nullopt when it is not one of `scope`.
[[nodiscard]] std::optional<Position> read_position_token(std::string_view token, uint64_t scope);

[[nodiscard]] std::string sequence_token(const Stream& stream);

// Of names of groups and streams.
[[nodiscard]] std::string name_token(std::string_view name);
[[nodiscard]] std::optional<std::string> read_name_token(std::string_view token);

}  // namespace millrace::logs
