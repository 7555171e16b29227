#include "audit/query/operations.h"
#include "audit/query/query_request.h"
#include "json/writer.h"

namespace millrace::audit::query {

Result<std::string> cancel_query(const QueryCall& call) {
  const Query query = TRY(query_of(call));
  TRY(call.parts.queries.cancel(query.id));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("QueryId", query.id);
  writer.member("QueryStatus", "CANCELLED");
  writer.end_object();
  return out;
}

}  // namespace millrace::audit::query
