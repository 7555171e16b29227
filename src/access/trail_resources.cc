#include "access/trail_resources.h"

#include "audit/query/event_data_store.h"
#include "audit/trail_name.h"

namespace millrace::access {

std::string trail_resource(const catalog::Site& site, std::string_view name) {
  const auto trail = audit::trail_name_of(site, name);
  if (trail.ok()) return audit::trail_arn(site, *trail);
  return std::string(name.starts_with("arn:") ? name : kAnything);
}

std::string event_data_store_resource(const catalog::Site& site, std::string_view id) {
  if (id.empty()) return std::string(kAnything);
  if (id.starts_with("arn:")) return std::string(id);
  return audit::query::event_data_store_arn(site, id);
}

}  // namespace millrace::access
