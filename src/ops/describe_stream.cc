#include "ops/describe_stream.h"

#include <algorithm>

#include "json/writer.h"
#include "ops/input.h"
#include "ops/stream_request.h"
#include "ops/table_description.h"
#include "streams/sequence_number.h"

namespace millrace::ops {
namespace {

constexpr int64_t kPageShards = 100;

struct ShardPage {
  std::vector<catalog::Shard> shards;
  bool more = false;
};

// In order of creation, which is the order of the ids; `filter_parent` keeps only its children.
ShardPage page_of(const catalog::Stream& stream, std::string_view after_id,
                  std::optional<std::string_view> filter_parent, size_t limit) {
  ShardPage page;
  for (const catalog::Shard& shard : stream.shards) {
    if (shard.id <= after_id) continue;
    if (filter_parent && shard.parent_id != *filter_parent) continue;
    if (page.shards.size() == limit) {
      page.more = true;
      break;
    }
    page.shards.push_back(shard);
  }
  return page;
}

Result<std::optional<std::string_view>> read_shard_filter(json::Object input) {
  auto filter = optional_object(input, "ShardFilter");
  if (!filter) return std::optional<std::string_view>();
  auto parent = optional_string(*filter, "ShardId");
  if (optional_string(*filter, "Type") != "CHILD_SHARDS" || !parent) {
    return validation_error(
        "One or more parameter values were invalid: ShardFilter needs Type CHILD_SHARDS and a "
        "ShardId");
  }
  return parent;
}

void write_shard(json::Writer& writer, const catalog::Shard& shard) {
  writer.begin_object();
  writer.member("ShardId", shard.id);
  writer.key("SequenceNumberRange");
  writer.begin_object();
  writer.member("StartingSequenceNumber", streams::format_sequence_number(shard.first));
  if (shard.last) {
    writer.member("EndingSequenceNumber", streams::format_sequence_number(*shard.last));
  }
  writer.end_object();
  if (shard.parent_id) writer.member("ParentShardId", *shard.parent_id);
  writer.end_object();
}

}  // namespace

Result<std::string> describe_stream(const Call& call) {
  const json::Object input = call.input;
  const auto limit = TRY(read_limit(input, kPageShards));
  const auto filter_parent = TRY(read_shard_filter(input));
  const std::string arn = string_or_empty(input, "StreamArn");
  const auto stream = TRY(find_stream(call.database, arn));
  const std::string after_id = string_or_empty(input, "ExclusiveStartShardId");
  const ShardPage page = page_of(*stream, after_id, filter_parent, limit);

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("StreamDescription");
  writer.begin_object();
  writer.member("StreamArn", arn);
  writer.member("StreamLabel", stream->label);
  writer.member("StreamStatus", stream->enabled ? "ENABLED" : "DISABLED");
  writer.member("StreamViewType", catalog::stream_view_type_name(stream->view_type));
  writer.key("CreationRequestDateTime");
  writer.timestamp_milliseconds(stream->created_milliseconds);
  writer.member("TableName", stream->table_name);
  write_key_schema(writer, stream->key_schema);
  writer.key("Shards");
  writer.begin_array();
  for (const catalog::Shard& shard : page.shards) write_shard(writer, shard);
  writer.end_array();
  if (page.more) writer.member("LastEvaluatedShardId", page.shards.back().id);
  writer.end_object();
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
