#include "json/writer.h"
#include "logs/filter_pattern.h"
#include "logs/input.h"
#include "logs/operations.h"

namespace millrace::logs {

Result<std::string> test_metric_filter(const Call& call) {
  const auto pattern = TRY(parse_filter_pattern(string_or_empty(call.input, "filterPattern")));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("matches");
  writer.begin_array();
  int64_t number = 0;
  for (const std::string& message : strings_of(call.input, "logEventMessages")) {
    ++number;
    if (!pattern->matches(message)) continue;
    writer.begin_object();
    writer.member("eventNumber", number);
    writer.member("eventMessage", message);
    writer.key("extractedValues");
    writer.begin_object();
    for (const auto& [name, value] : pattern->extract(message)) writer.member(name, value);
    writer.end_object();
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  return out;
}

}  // namespace millrace::logs
