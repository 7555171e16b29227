#include "ops/get_shard_iterator.h"

#include <algorithm>

#include <fmt/format.h>

#include "json/writer.h"
#include "ops/input.h"
#include "ops/stream_request.h"
#include "streams/sequence_number.h"
#include "streams/shard_iterator.h"

namespace millrace::ops {
namespace {

Result<const catalog::Shard*> find_shard(const catalog::Stream& stream, std::string_view shard_id,
                                         std::string_view arn) {
  auto found = std::find_if(stream.shards.begin(), stream.shards.end(),
                            [&](const catalog::Shard& shard) { return shard.id == shard_id; });
  if (found == stream.shards.end()) {
    return Error{ErrorCode::kResourceNotFoundException,
                 fmt::format("Requested resource not found: Shard: {} in Stream: {} not found",
                             shard_id, arn)};
  }
  return &*found;
}

// The position that the request's SequenceNumber names, which must lie in the shard, or the one
// behind it.
Result<engine::LogPosition> read_sequence_number(json::Object input, const catalog::Shard& shard,
                                                 const engine::LogRange& log, bool behind) {
  const std::string text = string_or_empty(input, "SequenceNumber");
  auto position = streams::parse_sequence_number(text);
  const engine::LogPosition last = shard.last.value_or(std::max(log.next, shard.first + 1) - 1);
  if (!position || *position < shard.first || *position > last) {
    return validation_error(
        fmt::format("Invalid SequenceNumber: {} is not in shard {}", text, shard.id));
  }
  const engine::LogPosition start = behind ? *position + 1 : *position;
  // A reader that has had all that was trimmed of the shard misses nothing.
  if (start < log.first && start <= last) {
    return Error{ErrorCode::kTrimmedDataAccessException,
                 "The operation attempted to read past the oldest stream record in a shard"};
  }
  return start;
}

Status check_sequence_number_presence(json::Object input, std::string_view type) {
  const bool by_number = type == "AT_SEQUENCE_NUMBER" || type == "AFTER_SEQUENCE_NUMBER";
  const bool given = json::member(input, "SequenceNumber").has_value();
  if (by_number == given) return Done{};
  return validation_error(
      by_number
          ? fmt::format("Must specify SequenceNumber for ShardIteratorType: {}", type)
          : fmt::format("SequenceNumber must not be specified for ShardIteratorType: {}", type));
}

Result<engine::LogPosition> start_position(json::Object input, std::string_view type,
                                           const catalog::Shard& shard,
                                           const engine::LogRange& log) {
  if (type == "TRIM_HORIZON") return std::max(shard.first, log.first);
  if (type == "LATEST") return shard.last ? *shard.last + 1 : std::max(shard.first, log.next);
  return read_sequence_number(input, shard, log, type == "AFTER_SEQUENCE_NUMBER");
}

}  // namespace

Result<std::string> get_shard_iterator(const Call& call) {
  const json::Object input = call.input;
  const Database& database = call.database;
  const std::string type = string_or_empty(input, "ShardIteratorType");
  TRY(check_sequence_number_presence(input, type));
  const std::string arn = string_or_empty(input, "StreamArn");
  const auto stream = TRY(find_stream(database, arn));
  const catalog::Shard* shard = TRY(find_shard(*stream, string_or_empty(input, "ShardId"), arn));
  const auto log = TRY(database.engine.log_range(shard->partition));
  const auto position = TRY(start_position(input, type, *shard, log));

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("ShardIterator", streams::write_shard_iterator(
                                     {arn, shard->partition, shard->first, position,
                                      database.clock.now_milliseconds(), database.random.next()},
                                     database.iterator_secret));
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
