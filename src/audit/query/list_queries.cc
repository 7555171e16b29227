#include <algorithm>

#include "audit/query/operations.h"
#include "audit/query/query_request.h"
#include "json/writer.h"

namespace millrace::audit::query {
namespace {

constexpr size_t kPageMax = 1000;

struct Wanted {
  std::string view;
  std::optional<std::string> status;
  int64_t from = INT64_MIN;
  int64_t to = INT64_MAX;

  [[nodiscard]] bool has(const Query& query) const {
    const int64_t started = query.state.started_milliseconds;
    return std::ranges::find(query.stores, view) != query.stores.end() &&
           (!status || *status == query.state.status) && started >= from && started <= to;
  }
};

Result<Wanted> read_list_queries(const QueryCall& call) {
  Wanted wanted;
  wanted.view = TRY(view_name_of(call.parts, text_of(call, "EventDataStore").value_or("")));
  wanted.status = text_of(call, "QueryStatus");
  wanted.from = milliseconds_of(call, "StartTime").value_or(INT64_MIN);
  wanted.to = milliseconds_of(call, "EndTime").value_or(INT64_MAX);
  if (wanted.from > wanted.to) {
    return Error{ErrorCode::kInvalidDateRangeException, "StartTime is after EndTime."};
  }
  return wanted;
}

}  // namespace

Result<std::string> list_queries(const QueryCall& call) {
  const size_t page = TRY(page_size_of(call, "MaxResults", kPageMax, kPageMax));
  const Wanted wanted = TRY(read_list_queries(call));
  const std::string scope = "queries of " + wanted.view;
  const auto after = TRY(page_token_of(call, scope));
  std::vector<Query> queries = call.parts.queries.all();
  if (after) {
    const auto last = std::ranges::find(queries, *after, &Query::id);
    if (last == queries.end()) {
      return Error{ErrorCode::kInvalidNextTokenException, "The query of the token is gone."};
    }
    queries.erase(queries.begin(), last + 1);
  }
  std::erase_if(queries, [&](const Query& query) { return !wanted.has(query); });

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Queries");
  writer.begin_array();
  for (size_t i = 0; i < std::min(page, queries.size()); ++i) {
    writer.begin_object();
    writer.member("QueryId", queries[i].id);
    writer.member("QueryStatus", queries[i].state.status);
    writer.key("CreationTime");
    writer.timestamp_milliseconds(queries[i].state.started_milliseconds);
    writer.end_object();
  }
  writer.end_array();
  if (queries.size() > page) {
    writer.member("NextToken", write_page_token(scope, queries[page - 1].id));
  }
  writer.end_object();
  return out;
}

}  // namespace millrace::audit::query
