// The index of events and all that is asked of it: LookupEvents, event data stores, queries, and
// who touched an item.
#pragma once

#include <memory>
#include <vector>

#include "api/service.h"
#include "audit/coverage.h"
#include "audit/query/event_feed.h"
#include "audit/query/query_call.h"
#include "audit/settings.h"
#include "audit/tagged_event_data_stores.h"
#include "base/clock.h"
#include "base/random.h"
#include "catalog/catalog.h"
#include "engine/engine.h"

namespace millrace::audit::query {

// All must outlive the service.
struct QueryEnvironment {
  Spool& spool;
  Coverage& coverage;
  engine::Engine& engine;
  const catalog::Catalog& catalog;
  const catalog::Site& site;
  const Clock& clock;
  Random& random;
  AuditSettings settings;
};

struct QueryServiceStatistics {
  IndexerStatistics index;
  QueriesStatistics queries;
};

// Thread-safe. Has the tags of the event data stores, too.
class QueryService final : public TaggedEventDataStores {
 public:
  // Opens the index and reads the event data stores, which cover events from then on.
  [[nodiscard]] static Result<std::unique_ptr<QueryService>> open(
      const QueryEnvironment& environment);
  // With the events of that feed instead of those of the spool.
  [[nodiscard]] static Result<std::unique_ptr<QueryService>> open(
      const QueryEnvironment& environment, std::unique_ptr<EventFeed> feed);
  ~QueryService() override;
  QueryService(const QueryService&) = delete;
  QueryService& operator=(const QueryService&) = delete;

  // Starts to put events into the index.
  void start();
  // Cancels queries and ends the threads; requests may still come and are refused. Before the spool
  // and the engine end.
  void stop();

  // Of the API of CloudTrail, and of Millrace's own. They live no longer than the service.
  [[nodiscard]] std::vector<api::JsonOperation> cloudtrail_operations() const;
  [[nodiscard]] std::vector<api::JsonOperation> millrace_operations() const;

  [[nodiscard]] Result<Tags> tags(const std::string& arn) const override;
  void change_tags(const std::string& arn, Change change,
                   std::function<void(Status)> done) override;

  [[nodiscard]] QueryServiceStatistics statistics() const;

 private:
  explicit QueryService(const QueryEnvironment& environment) : environment_(environment) {}

  QueryEnvironment environment_;
  std::unique_ptr<EventFeed> feed_;
  std::unique_ptr<EventDataStores> stores_;
  std::unique_ptr<Indexer> indexer_;
  std::unique_ptr<Queries> queries_;
  std::unique_ptr<WorkerPool> lookups_;
  std::unique_ptr<QueryParts> parts_;
};

}  // namespace millrace::audit::query

namespace millrace::audit {

using query::QueryService;

}  // namespace millrace::audit
