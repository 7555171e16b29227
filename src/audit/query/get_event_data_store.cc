#include "audit/query/event_data_store_request.h"
#include "audit/query/operations.h"

namespace millrace::audit::query {

Result<std::string> get_event_data_store(const QueryCall& call) {
  const auto store = TRY(find_store(call.parts, text_of(call, "EventDataStore").value_or("")));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  write_event_data_store_members(writer, call.parts.site, *store);
  writer.end_object();
  return out;
}

}  // namespace millrace::audit::query
