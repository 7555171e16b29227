#include "ops/describe_time_to_live.h"

#include "ops/table_request.h"

namespace millrace::ops {

Result<std::string> describe_time_to_live(const Call& call) {
  const auto table = TRY(find_table_by_name(call));
  const auto& time_to_live = table->time_to_live;
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("TimeToLiveDescription");
  writer.begin_object();
  if (time_to_live) {
    writer.member("TimeToLiveStatus", time_to_live->backfilling ? "ENABLING" : "ENABLED");
    writer.member("AttributeName", time_to_live->attribute_name);
  } else {
    writer.member("TimeToLiveStatus", "DISABLED");
  }
  writer.end_object();
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
