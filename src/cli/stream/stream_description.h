// What the server says of streams and their shards.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/client/service_client.h"

namespace millrace::cli::stream {

struct ShardDescription {
  std::string id;
  std::optional<std::string> parent_id;
  std::string first_sequence_number;
  std::optional<std::string> last_sequence_number;  // absent while the shard is open

  [[nodiscard]] bool is_open() const { return !last_sequence_number; }
};

struct StreamDescription {
  std::string arn;
  std::string table_name;
  std::string status;  // "ENABLED", "DISABLED" …
  std::string view_type;
  std::vector<ShardDescription> shards;  // in the order of their creation

  // Whether shards may still be added.
  [[nodiscard]] bool is_live() const { return status == "ENABLED" || status == "ENABLING"; }
};

struct StreamName {
  std::string arn;
  std::string table_name;
  std::string label;
};

// All pages. Without a table, the streams of all.
[[nodiscard]] Result<std::vector<StreamName>> list_streams(ServiceClient& client,
                                                           const std::optional<std::string>& table);
// All pages of its shards.
[[nodiscard]] Result<StreamDescription> describe_stream(ServiceClient& client,
                                                        const std::string& arn);
// The ARN of the latest stream that the table has or, deleted, had; `table` may be the ARN of a
// stream itself. ResourceNotFoundException when there is none.
[[nodiscard]] Result<std::string> find_stream(ServiceClient& client, const std::string& table);

}  // namespace millrace::cli::stream
