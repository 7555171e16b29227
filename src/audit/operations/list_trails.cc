#include "audit/operations/operations.h"
#include "json/writer.h"

namespace millrace::audit {

Result<std::string> list_trails(const TrailCall& call) {
  // All trails are on the first page.
  if (text_of(call, "NextToken")) {
    return Error{ErrorCode::kInvalidTokenException, "The specified NextToken is invalid."};
  }
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Trails");
  writer.begin_array();
  for (const TrailPointer& trail : call.services.store.trails()) {
    writer.begin_object();
    writer.member("TrailARN", trail->arn);
    writer.member("Name", trail->name);
    writer.member("HomeRegion", call.services.site.region);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  return out;
}

}  // namespace millrace::audit
