#pragma once

#include "cli/stream/patience.h"
#include "cli/stream/stream_description.h"

namespace millrace::cli::stream {

// The shards that hold the record of that number; several, since shards that were written side by
// side may number alike. When none does, those whose range the number is in.
[[nodiscard]] Result<std::vector<ShardDescription>> find_sequence_number(
    ServiceClient& client, const Patience& patience, const std::string& stream_arn,
    const std::vector<ShardDescription>& shards, const std::string& sequence_number);

}  // namespace millrace::cli::stream
