#include "cli/trail/item_changes.h"

#include "cli/client/answer.h"
#include "cli/stream/shard_calls.h"
#include "cli/stream/stream_description.h"
#include "cli/stream/time_search.h"
#include "json/attribute_value.h"
#include "json/writer.h"

namespace millrace::cli::trail {
namespace {

constexpr size_t kAttempts = 3;

// As GetRecords, with the id of the request that made each record.
Result<json::Document> get_stream_records(ServiceClient& client, const std::string& iterator) {
  Call call{"GetStreamRecords", "", kMillracePrefix};
  json::Writer writer(call.body);
  writer.begin_object();
  writer.member("ShardIterator", iterator);
  writer.end_object();
  return client.call(call);
}

void add_change(ItemChanges& changes, json::Object record, const AttributeMap& key) {
  const auto request_id = find_text(record, "requestID");
  const auto body = find_object(record, "dynamodb");
  const auto keys = body ? json::member(*body, "Keys") : std::nullopt;
  if (!request_id || !keys) return;
  const auto attributes = json::read_attribute_map(*keys);
  if (!attributes.ok() || *attributes != key) return;
  changes.emplace(*request_id,
                  ItemChange{text_of(record, "eventName"), text_of(*body, "SequenceNumber"),
                             simdjson::minify(record)});
}

Status read_shard(ItemChanges& changes, ServiceClient& client, stream::ShardCalls& calls,
                  const stream::ShardDescription& shard, const AttributeMap& key, int64_t seconds) {
  const stream::Position position = TRY(stream::find_time(calls, shard, seconds));
  std::string iterator = TRY(calls.get_iterator(position));
  while (!iterator.empty()) {
    const auto page = TRY(get_stream_records(client, iterator));
    const auto records = objects_of(root_of(page), "Records");
    for (const json::Object record : records) add_change(changes, record, key);
    // The end of an open shard.
    if (records.empty() && shard.is_open()) break;
    iterator = text_of(root_of(page), "NextShardIterator");
  }
  return Done{};
}

}  // namespace

Result<ItemChanges> find_item_changes(ServiceClient& client, const std::string& table,
                                      const AttributeMap& key, int64_t seconds) {
  const auto arn = stream::find_stream(client, table);
  if (!arn.ok() && arn.error().code == ErrorCode::kResourceNotFoundException) {
    return ItemChanges();
  }
  if (!arn.ok()) return arn.error();
  const auto description = TRY(stream::describe_stream(client, *arn));
  const stream::StopSignal stop;
  stream::Warnings warnings;
  const stream::Patience patience{stop, warnings, kAttempts};
  ItemChanges changes;
  for (const stream::ShardDescription& shard : description.shards) {
    stream::ShardCalls calls(client, patience, *arn, shard.id);
    const Status read = read_shard(changes, client, calls, shard, key, seconds);
    if (!read.ok() && read.error().code == ErrorCode::kUnknownOperationException) {
      return ItemChanges();
    }
    // A shard may be trimmed meanwhile.
    if (!read.ok() && read.error().code != ErrorCode::kTrimmedDataAccessException) {
      return read.error();
    }
  }
  return changes;
}

}  // namespace millrace::cli::trail
