#include <algorithm>

#include "audit/query/operations.h"
#include "json/writer.h"

namespace millrace::audit::query {
namespace {

constexpr int64_t kDayMilliseconds = int64_t{24} * 60 * 60 * 1000;

EventView view_of(const std::string& name, const EventDataStore& store, int64_t now_milliseconds) {
  return {name, store.sink, now_milliseconds - store.retention_days * kDayMilliseconds};
}

// The views of the stores that the statement names, and that of all events; `default_store`, unless
// it is nullptr, is what that one shows.
Result<QueryPlan> plan_of(const QueryParts& parts, const std::string& statement,
                          const EventDataStorePointer& default_store) {
  QueryPlan plan;
  plan.query = TRY(rewrite_query(statement));
  plan.reads = plan.query.stores;
  const int64_t now = parts.clock.now_milliseconds();
  for (const std::string& id : plan.query.stores) {
    const auto store = TRY(find_store(parts, id));
    TRY(check_active(*store));
    plan.views.push_back(view_of(id, *store, now));
  }
  if (default_store != nullptr) {
    plan.views.push_back(view_of(std::string(kAllEvents), *default_store, now));
  } else {
    plan.views.push_back({std::string(kAllEvents), 0, 0});
  }
  if (plan.reads.empty()) {
    plan.reads.push_back(default_store != nullptr ? default_store->id : std::string(kAllEvents));
  }
  return plan;
}

struct StartQueryRequest {
  std::string statement;
  QueryPlan plan;
};

Result<StartQueryRequest> read_start_query(const QueryCall& call) {
  TRY(refuse(call, {"DeliveryS3Uri", "QueryAlias", "QueryParameters"}));
  TRY(check_owner(call));
  const auto statement = text_of(call, "QueryStatement");
  if (!statement) return invalid_parameter("QueryStatement is required.");
  EventDataStorePointer default_store;
  if (const auto named = text_of(call, "EventDataStore")) {
    default_store = TRY(find_store(call.parts, *named));
    TRY(check_active(*default_store));
  }
  QueryPlan plan = TRY(plan_of(call.parts, *statement, default_store));
  return StartQueryRequest{*statement, std::move(plan)};
}

std::string answer_of(const std::string& query_id) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("QueryId", query_id);
  writer.end_object();
  return out;
}

}  // namespace

void start_query(const QueryCall& call, api::Reply reply) {
  auto read = read_start_query(call);
  if (!read.ok()) return reply(std::move(read).error());
  auto shared_reply = std::make_shared<api::Reply>(std::move(reply));
  auto request = std::make_shared<StartQueryRequest>(*std::move(read));
  // Compiling reads the file, so that it is for another thread.
  const bool taken = call.parts.lookups.run(
      [&indexer = call.parts.indexer, &queries = call.parts.queries, request, shared_reply] {
        const Status compiles = check_query(indexer.path(), request->plan);
        if (!compiles.ok()) return (*shared_reply)(compiles.error());
        auto started = queries.start(std::move(request->statement), std::move(request->plan));
        if (!started.ok()) return (*shared_reply)(std::move(started).error());
        (*shared_reply)(answer_of(*started));
      });
  if (!taken) {
    (*shared_reply)(
        Error{ErrorCode::kMaxConcurrentQueriesException, "Too many queries are being started."});
  }
}

}  // namespace millrace::audit::query
