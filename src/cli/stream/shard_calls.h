#pragma once

#include <optional>
#include <string>

#include "cli/client/service_client.h"
#include "cli/stream/patience.h"
#include "cli/stream/position.h"

namespace millrace::cli::stream {

// The calls that read one shard. For one thread. What is passed in must outlive it.
class ShardCalls {
 public:
  ShardCalls(ServiceClient& client, const Patience& patience, std::string stream_arn,
             std::string shard_id)
      : client_(client),
        patience_(patience),
        stream_arn_(std::move(stream_arn)),
        shard_id_(std::move(shard_id)) {}

  // `position` is not a time.
  Result<std::string> get_iterator(const Position& position);
  // `wait`: see ServiceClient::call().
  Result<json::Document> get_records(const std::string& iterator, std::optional<size_t> limit,
                                     std::optional<std::chrono::milliseconds> wait);

 private:
  ServiceClient& client_;
  const Patience& patience_;
  const std::string stream_arn_;
  const std::string shard_id_;
};

}  // namespace millrace::cli::stream
