#include "cli/stream/shard_calls.h"

#include "cli/client/answer.h"
#include "json/writer.h"

namespace millrace::cli::stream {

namespace {

std::string_view iterator_type(Position::Kind kind) {
  switch (kind) {
    case Position::Kind::kLatest:
      return "LATEST";
    case Position::Kind::kAt:
      return "AT_SEQUENCE_NUMBER";
    case Position::Kind::kAfter:
      return "AFTER_SEQUENCE_NUMBER";
    default:
      return "TRIM_HORIZON";
  }
}

}  // namespace

Result<std::string> ShardCalls::get_iterator(const Position& position) {
  Call call{"GetShardIterator", "", kStreamsPrefix};
  json::Writer writer(call.body);
  writer.begin_object();
  writer.member("StreamArn", stream_arn_);
  writer.member("ShardId", shard_id_);
  writer.member("ShardIteratorType", iterator_type(position.kind));
  if (!position.sequence_number.empty()) {
    writer.member("SequenceNumber", position.sequence_number);
  }
  writer.end_object();
  const auto answer = TRY(patience_([&] { return client_.call(call); }));
  return text_of(root_of(answer), "ShardIterator");
}

Result<json::Document> ShardCalls::get_records(const std::string& iterator,
                                               std::optional<size_t> limit,
                                               std::optional<std::chrono::milliseconds> wait) {
  Call call{"GetRecords", "", kStreamsPrefix};
  json::Writer writer(call.body);
  writer.begin_object();
  writer.member("ShardIterator", iterator);
  if (limit) writer.member("Limit", static_cast<int64_t>(*limit));
  writer.end_object();
  return patience_([&] { return client_.call(call, wait); });
}

}  // namespace millrace::cli::stream
