#include "audit/operations/operations.h"
#include "audit/operations/trail_description.h"

namespace millrace::audit {

Result<std::string> get_trail(const TrailCall& call) {
  const TrailPointer trail = TRY(find_trail(call, "Name"));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Trail");
  write_trail_description(writer, call.services.site, *trail);
  writer.end_object();
  return out;
}

}  // namespace millrace::audit
