#include "cli/stream/sequence_search.h"

#include "cli/client/answer.h"
#include "cli/stream/sequence_order.h"
#include "cli/stream/shard_calls.h"

namespace millrace::cli::stream {

namespace {

bool is_in_range(const ShardDescription& shard, const std::string& sequence_number) {
  return !sequence_precedes(sequence_number, shard.first_sequence_number) &&
         (shard.is_open() || !sequence_precedes(*shard.last_sequence_number, sequence_number));
}

enum class Found { kNothing, kInRange, kRecord };

Result<Found> look_in(ShardCalls& calls, const std::string& sequence_number) {
  const auto iterator = calls.get_iterator(
      {.kind = Position::Kind::kAt, .sequence_number = sequence_number, .seconds = 0});
  if (!iterator.ok()) {
    // Beyond the end of an open shard.
    if (iterator.error().code == ErrorCode::kValidationException) return Found::kNothing;
    if (iterator.error().code == ErrorCode::kTrimmedDataAccessException) return Found::kInRange;
    return iterator.error();
  }
  const auto page = TRY(calls.get_records(*iterator, 1, std::nullopt));
  const auto records = objects_of(root_of(page), "Records");
  const auto change = records.empty() ? std::nullopt : find_object(records[0], "dynamodb");
  const bool is_it = change && text_of(*change, "SequenceNumber") == sequence_number;
  return is_it ? Found::kRecord : Found::kInRange;
}

}  // namespace

Result<std::vector<ShardDescription>> find_sequence_number(
    ServiceClient& client, const Patience& patience, const std::string& stream_arn,
    const std::vector<ShardDescription>& shards, const std::string& sequence_number) {
  std::vector<ShardDescription> in_range;
  std::vector<ShardDescription> holders;
  for (const ShardDescription& shard : shards) {
    if (!is_in_range(shard, sequence_number)) continue;
    ShardCalls calls(client, patience, stream_arn, shard.id);
    const Found found = TRY(look_in(calls, sequence_number));
    if (found != Found::kNothing) in_range.push_back(shard);
    if (found == Found::kRecord) holders.push_back(shard);
  }
  return holders.empty() ? in_range : holders;
}

}  // namespace millrace::cli::stream
