#include "cli/table/split.h"

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "json/writer.h"

namespace millrace::cli::table {

namespace {

std::string join(json::Object split, std::string_view name) {
  std::string joined;
  json::Array texts;
  if (split.at_key(name).get(texts) != simdjson::SUCCESS) return joined;
  for (const json::Element element : texts) {
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS) continue;
    if (!joined.empty()) joined += ", ";
    joined += text;
  }
  return joined;
}

}  // namespace

Result<std::string> split_table(ServiceClient& client, const std::string& table,
                                const std::optional<std::string>& shard_id) {
  Call call{"SplitTable", "", kMillracePrefix};
  json::Writer writer(call.body);
  writer.begin_object();
  writer.member("TableName", table);
  if (shard_id) writer.member("ShardId", *shard_id);
  writer.end_object();
  const auto answer = TRY(client.call(call));
  const json::Object root = root_of(answer);

  std::string out;
  for (const json::Object split : objects_of(root, "Splits")) {
    // A table without a stream has partitions and no shards.
    const auto parent = find_text(split, "ParentShardId");
    if (parent) out += fmt::format("{} → {}\n", *parent, join(split, "ChildShardIds"));
  }
  const int64_t count = find_integer(root, "PartitionCount").value_or(0);
  out += fmt::format("{} has {} {}\n", text_of(root, "TableName"), count,
                     count == 1 ? "partition" : "partitions");
  return out;
}

}  // namespace millrace::cli::table
