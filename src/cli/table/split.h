#pragma once

#include <optional>
#include <string>

#include "cli/client/service_client.h"

namespace millrace::cli::table {

// Splits the partition of the open shard `shard_id`, or every one, and says what came of it:
//   shardId-… → shardId-…, shardId-…
//   music has 2 partitions
[[nodiscard]] Result<std::string> split_table(ServiceClient& client, const std::string& table,
                                              const std::optional<std::string>& shard_id);

}  // namespace millrace::cli::table
