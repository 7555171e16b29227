#include "audit/query/operations.h"
#include "audit/query/query_request.h"
#include "json/writer.h"

namespace millrace::audit::query {

Result<std::string> describe_query(const QueryCall& call) {
  const Query query = TRY(query_of(call));
  const QueryState& state = query.state;
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("QueryId", query.id);
  writer.member("QueryString", query.statement);
  writer.member("QueryStatus", state.status);
  writer.key("QueryStatistics");
  writer.begin_object();
  writer.member("EventsMatched", static_cast<int64_t>(state.rows ? state.rows->size() : 0));
  writer.member("EventsScanned", state.scanned_events);
  writer.member("ExecutionTimeInMillis", state.execution_milliseconds);
  writer.key("CreationTime");
  writer.timestamp_milliseconds(state.started_milliseconds);
  writer.end_object();
  if (!state.error.empty()) writer.member("ErrorMessage", error_message(state));
  writer.end_object();
  return out;
}

}  // namespace millrace::audit::query
