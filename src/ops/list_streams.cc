#include "ops/list_streams.h"

#include <fmt/format.h>

#include "json/writer.h"
#include "ops/input.h"
#include "ops/stream_request.h"

namespace millrace::ops {
namespace {

constexpr int64_t kPageStreams = 100;

}  // namespace

Result<std::string> list_streams(const Call& call) {
  const catalog::Catalog& catalog = call.database.catalog;
  const auto limit = TRY(read_limit(call.input, kPageStreams));
  const std::string table_name = TRY(table_name_of(call));
  catalog::StreamArn after;
  if (auto arn = optional_string(call.input, "ExclusiveStartStreamArn")) {
    after = TRY(read_stream_arn(*arn));
  }
  const auto page = catalog.list_streams(table_name, after.table_name, after.stream_label, limit);

  std::string out;
  json::Writer writer(out);
  std::string last_arn;
  writer.begin_object();
  writer.key("Streams");
  writer.begin_array();
  for (const catalog::StreamPointer& stream : page.streams) {
    last_arn = catalog::stream_arn(catalog.site(), stream->table_name, stream->label);
    writer.begin_object();
    writer.member("StreamArn", last_arn);
    writer.member("TableName", stream->table_name);
    writer.member("StreamLabel", stream->label);
    writer.end_object();
  }
  writer.end_array();
  if (page.more) writer.member("LastEvaluatedStreamArn", last_arn);
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
