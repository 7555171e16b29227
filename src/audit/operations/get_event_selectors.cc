#include "audit/operations/operations.h"
#include "audit/operations/trail_description.h"

namespace millrace::audit {

Result<std::string> get_event_selectors(const TrailCall& call) {
  const TrailPointer trail = TRY(find_trail(call, "TrailName"));
  std::string out;
  json::Writer writer(out);
  write_trail_selectors(writer, *trail);
  return out;
}

}  // namespace millrace::audit
