#include "audit/query/query_service.h"

#include <array>

#include <fmt/format.h>

#include "audit/query/operations.h"

namespace millrace::audit::query {
namespace {

constexpr size_t kLookupThreads = 2;
constexpr size_t kLookupsWaitingMax = 200;

using Operation = void (*)(const QueryCall& call, api::Reply reply);

// An Operation from a function that has its answer at once.
template <Result<std::string> (*answer)(const QueryCall&)>
// NOLINTNEXTLINE(performance-unnecessary-value-param): every Operation takes its reply over.
void answer_at_once(const QueryCall& call, api::Reply reply) {
  reply(answer(call));
}

struct OperationRow {
  std::string_view name;   // as in X-Amz-Target
  std::string_view input;  // shape of the request, in the API model
  Operation run;
};

constexpr auto kCloudTrail = std::to_array<OperationRow>({
    {"CancelQuery", "CancelQueryRequest", answer_at_once<cancel_query>},
    {"CreateEventDataStore", "CreateEventDataStoreRequest", create_event_data_store},
    {"DeleteEventDataStore", "DeleteEventDataStoreRequest", delete_event_data_store},
    {"DescribeQuery", "DescribeQueryRequest", answer_at_once<describe_query>},
    {"GetEventDataStore", "GetEventDataStoreRequest", answer_at_once<get_event_data_store>},
    {"GetQueryResults", "GetQueryResultsRequest", answer_at_once<get_query_results>},
    {"ListEventDataStores", "ListEventDataStoresRequest", answer_at_once<list_event_data_stores>},
    {"ListQueries", "ListQueriesRequest", answer_at_once<list_queries>},
    {"LookupEvents", "LookupEventsRequest", lookup_events},
    {"RestoreEventDataStore", "RestoreEventDataStoreRequest", restore_event_data_store},
    {"StartEventDataStoreIngestion", "StartEventDataStoreIngestionRequest",
     start_event_data_store_ingestion},
    {"StartQuery", "StartQueryRequest", start_query},
    {"StopEventDataStoreIngestion", "StopEventDataStoreIngestionRequest",
     stop_event_data_store_ingestion},
    {"UpdateEventDataStore", "UpdateEventDataStoreRequest", update_event_data_store},
});

constexpr auto kMillrace = std::to_array<OperationRow>({
    {"FindItemEvents", "FindItemEventsInput", find_item_events},
});

template <typename Rows>
std::vector<api::JsonOperation> operations_of(const Rows& rows, const QueryParts& parts) {
  std::vector<api::JsonOperation> operations;
  for (const OperationRow& row : rows) {
    operations.push_back({std::string(row.name), std::string(row.input),
                          [&parts, run = row.run](const api::Request& request, api::Reply reply) {
                            run({parts, request.input}, std::move(reply));
                          }});
  }
  return operations;
}

}  // namespace

Result<std::unique_ptr<QueryService>> QueryService::open(const QueryEnvironment& environment) {
  return open(environment, std::make_unique<SpoolFeed>(environment.spool));
}

Result<std::unique_ptr<QueryService>> QueryService::open(const QueryEnvironment& environment,
                                                         std::unique_ptr<EventFeed> feed) {
  std::unique_ptr<QueryService> service(new QueryService(environment));
  service->feed_ = std::move(feed);
  const AuditSettings& settings = service->environment_.settings;
  service->stores_ =
      TRY(EventDataStores::open(environment.engine, environment.coverage, environment.clock));
  service->indexer_ =
      TRY(Indexer::open(settings.directory + "/index.db", *service->feed_, environment.catalog,
                        environment.clock, {settings.index_bytes_max, settings.index_days}));
  QueryBounds bounds;
  bounds.limits.time = std::chrono::seconds(settings.query_seconds);
  service->queries_ =
      std::make_unique<Queries>(*service->indexer_, environment.clock, environment.random, bounds);
  service->lookups_ =
      std::make_unique<WorkerPool>("index-lookup", kLookupThreads, kLookupsWaitingMax);
  service->parts_ = std::make_unique<QueryParts>(QueryParts{
      *service->stores_, *service->indexer_, *service->queries_, *service->lookups_,
      environment.catalog, environment.site, environment.clock, environment.random, settings});
  return service;
}

QueryService::~QueryService() {
  stop();
}

void QueryService::start() {
  indexer_->start();
}

void QueryService::stop() {
  if (queries_) queries_->stop();
  if (indexer_) indexer_->stop();
  if (lookups_) lookups_->stop();
}

std::vector<api::JsonOperation> QueryService::cloudtrail_operations() const {
  return operations_of(kCloudTrail, *parts_);
}

std::vector<api::JsonOperation> QueryService::millrace_operations() const {
  return operations_of(kMillrace, *parts_);
}

Result<TaggedEventDataStores::Tags> QueryService::tags(const std::string& arn) const {
  return TRY(find_store(*parts_, arn))->tags;
}

void QueryService::change_tags(const std::string& arn, Change change,
                               std::function<void(Status)> done) {
  const auto named = find_store(*parts_, arn);
  if (!named.ok()) return done(named.error());
  const auto edit = [id = (*named)->id, arn, change = std::move(change)](
                        const EventDataStores::Stores& stores) -> Result<EventDataStorePointer> {
    const auto found = stores.find(id);
    if (found == stores.end()) {
      return Error{ErrorCode::kEventDataStoreNotFoundException,
                   fmt::format("There is no event data store {}.", arn)};
    }
    EventDataStore store = *found->second;
    TRY(change(store.tags));
    return std::make_shared<const EventDataStore>(std::move(store));
  };
  stores_->change(edit, [done = std::move(done)](Result<EventDataStorePointer> changed) {
    if (!changed.ok()) return done(std::move(changed).error());
    done(Done{});
  });
}

QueryServiceStatistics QueryService::statistics() const {
  return {.index = indexer_->statistics(), .queries = queries_->statistics()};
}

}  // namespace millrace::audit::query
