#include "cli/stream/record_format.h"

#include "cli/client/answer.h"
#include "cli/stream/pretty_record.h"
#include "json/writer.h"

namespace millrace::cli::stream {

namespace {

// Who made the change is spelled otherwise than in the Streams API.
void append_lambda_record(std::string& out, json::Object record, std::string_view stream_arn) {
  json::Writer writer(out);
  writer.begin_object();
  for (const auto [name, value] : record) {
    if (name == "userIdentity") continue;
    writer.key(name);
    writer.raw(simdjson::minify(value));
  }
  if (const auto identity = find_object(record, "userIdentity")) {
    writer.key("userIdentity");
    writer.begin_object();
    writer.member("principalId", text_of(*identity, "PrincipalId"));
    writer.member("type", text_of(*identity, "Type"));
    writer.end_object();
  }
  writer.member("eventSourceARN", stream_arn);
  writer.end_object();
}

}  // namespace

Status append_record(std::string& out, json::Object record, const RecordOrigin& origin,
                     RecordFormat format, bool is_coloured) {
  switch (format) {
    case RecordFormat::kJson:
      out += simdjson::minify(record);
      break;
    case RecordFormat::kLambda:
      append_lambda_record(out, record, origin.stream_arn);
      break;
    case RecordFormat::kPretty:
      return append_pretty_record(out, record, origin, is_coloured);
  }
  out += "\n";
  return Done{};
}

}  // namespace millrace::cli::stream
