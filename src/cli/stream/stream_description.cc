#include "cli/stream/stream_description.h"

#include <algorithm>

#include "cli/client/answer.h"
#include "json/writer.h"

namespace millrace::cli::stream {

namespace {

// An object of the members that have a value.
struct Member {
  std::string_view name;
  std::optional<std::string> value;
};

std::string body_of(std::initializer_list<Member> members) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object();
  for (const Member& member : members) {
    if (member.value) writer.member(member.name, *member.value);
  }
  writer.end_object();
  return body;
}

ShardDescription read_shard(json::Object shard) {
  ShardDescription description{.id = text_of(shard, "ShardId"),
                               .parent_id = find_text(shard, "ParentShardId"),
                               .first_sequence_number = {},
                               .last_sequence_number = {}};
  if (const auto range = find_object(shard, "SequenceNumberRange")) {
    description.first_sequence_number = text_of(*range, "StartingSequenceNumber");
    description.last_sequence_number = find_text(*range, "EndingSequenceNumber");
  }
  return description;
}

}  // namespace

Result<std::vector<StreamName>> list_streams(ServiceClient& client,
                                             const std::optional<std::string>& table) {
  std::vector<StreamName> streams;
  std::optional<std::string> after;
  do {
    const std::string body = body_of({{"TableName", table}, {"ExclusiveStartStreamArn", after}});
    const auto answer = TRY(client.call({"ListStreams", body, kStreamsPrefix}));
    const json::Object root = root_of(answer);
    for (const json::Object stream : objects_of(root, "Streams")) {
      streams.push_back({text_of(stream, "StreamArn"), text_of(stream, "TableName"),
                         text_of(stream, "StreamLabel")});
    }
    after = find_text(root, "LastEvaluatedStreamArn");
  } while (after);
  return streams;
}

Result<StreamDescription> describe_stream(ServiceClient& client, const std::string& arn) {
  StreamDescription description;
  std::optional<std::string> after;
  do {
    const std::string body = body_of({{"StreamArn", arn}, {"ExclusiveStartShardId", after}});
    const auto answer = TRY(client.call({"DescribeStream", body, kStreamsPrefix}));
    const auto stream = find_object(root_of(answer), "StreamDescription");
    if (!stream) {
      return Error{ErrorCode::kServiceUnavailableException,
                   "DescribeStream: the answer has no StreamDescription"};
    }
    description.arn = text_of(*stream, "StreamArn");
    description.table_name = text_of(*stream, "TableName");
    description.status = text_of(*stream, "StreamStatus");
    description.view_type = text_of(*stream, "StreamViewType");
    for (const json::Object shard : objects_of(*stream, "Shards")) {
      description.shards.push_back(read_shard(shard));
    }
    after = find_text(*stream, "LastEvaluatedShardId");
  } while (after);
  return description;
}

Result<std::string> find_stream(ServiceClient& client, const std::string& table) {
  if (table.starts_with("arn:") && table.find("/stream/") != std::string::npos) return table;
  const auto streams = TRY(list_streams(client, table));
  // Labels are times, so that their order as text is that of creation.
  const auto latest = std::ranges::max_element(streams, {}, &StreamName::label);
  if (latest != streams.end()) return latest->arn;
  TRY(client.call({"DescribeTable", body_of({{"TableName", table}})}));
  return Error{ErrorCode::kResourceNotFoundException, "table '" + table + "' has no stream"};
}

}  // namespace millrace::cli::stream
