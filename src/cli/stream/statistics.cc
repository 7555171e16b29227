#include "cli/stream/statistics.h"

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "cli/columns.h"
#include "cli/stream/retention.h"
#include "cli/stream/stream_description.h"
#include "cli/stream/time_text.h"
#include "json/writer.h"

namespace millrace::cli::stream {

namespace {

std::string time_cell(json::Object shard, std::string_view name) {
  const auto seconds = find_number(shard, name);
  return seconds ? format_time(static_cast<int64_t>(*seconds)) : "-";
}

std::string rate_cell(json::Object shard) {
  const auto rate = find_number(shard, "RecordsPerSecond");
  return rate ? fmt::format("{:.1f}/s", *rate) : "-";
}

std::string lag_cell(json::Object shard) {
  const auto lag = find_integer(shard, "MillisecondsBehindLatest");
  if (!lag) return "-";
  if (*lag < 1000) return fmt::format("{} ms", *lag);
  return fmt::format("{:.1f} s", static_cast<double>(*lag) / 1000);
}

Row shard_row(json::Object shard) {
  return {"  " + text_of(shard, "ShardId"),
          is_true(shard, "Open") ? "open" : "closed",
          std::to_string(find_integer(shard, "RecordCount").value_or(0)),
          format_bytes(find_integer(shard, "SizeBytes").value_or(0)),
          rate_cell(shard),
          lag_cell(shard),
          time_cell(shard, "OldestRecordTime"),
          time_cell(shard, "NewestRecordTime")};
}

void append_stream(std::string& out, json::Object statistics) {
  const auto shards = objects_of(statistics, "Shards");
  int64_t records = 0;
  std::vector<Row> rows;
  for (const json::Object shard : shards) {
    records += find_integer(shard, "RecordCount").value_or(0);
    rows.push_back(shard_row(shard));
  }
  const auto retention = find_integer(statistics, "RetentionSeconds");
  out +=
      fmt::format("{} {} {}: {} shards, {} records, {} on disk, kept for {}\n{}\n",
                  text_of(statistics, "TableName"), text_of(statistics, "StreamStatus"),
                  text_of(statistics, "StreamViewType"), shards.size(), records,
                  format_bytes(find_integer(statistics, "DiskBytes").value_or(0)),
                  retention ? format_retention(*retention) : "-", text_of(statistics, "StreamArn"));
  out += format_columns(
      {"  SHARD", "STATE", ">RECORDS", ">BYTES", ">RATE", ">LAG", "OLDEST", "NEWEST"}, rows);
}

}  // namespace

Result<json::Document> describe_stream_statistics(ServiceClient& client, const std::string& arn) {
  Call call{"DescribeStreamStatistics", "", kMillracePrefix};
  json::Writer writer(call.body);
  writer.begin_object();
  writer.member("StreamArn", arn);
  writer.end_object();
  return client.call(call);
}

Result<std::string> statistics_text(ServiceClient& client,
                                    const std::optional<std::string>& table) {
  const auto streams = TRY(list_streams(client, table));
  if (streams.empty() && table) TRY(find_stream(client, *table));
  std::string out;
  for (const StreamName& stream : streams) {
    const auto answer = describe_stream_statistics(client, stream.arn);
    if (!answer.ok()) {
      // It aged out since it was listed.
      if (answer.error().code == ErrorCode::kResourceNotFoundException) continue;
      return answer.error();
    }
    if (!out.empty()) out += "\n";
    append_stream(out, root_of(*answer));
  }
  return out;
}

}  // namespace millrace::cli::stream
