#include <set>

#include "audit/operations/operations.h"
#include "audit/operations/trail_description.h"
#include "audit/trail_name.h"

namespace millrace::audit {
namespace {

// Names that are asked for; empty: all trails.
Result<std::set<std::string>> read_describe_trails(const TrailCall& call) {
  std::set<std::string> names;
  for (const std::string& name : texts_of(call, "trailNameList")) {
    names.insert(TRY(trail_name_of(call.services.site, name)));
  }
  return names;
}

}  // namespace

// There is one region, so there are no shadow trails to include or to leave out.
Result<std::string> describe_trails(const TrailCall& call) {
  const std::set<std::string> names = TRY(read_describe_trails(call));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("trailList");
  writer.begin_array();
  for (const TrailPointer& trail : call.services.store.trails()) {
    if (!names.empty() && !names.contains(trail->name)) continue;
    write_trail_description(writer, call.services.site, *trail);
  }
  writer.end_array();
  writer.end_object();
  return out;
}

}  // namespace millrace::audit
