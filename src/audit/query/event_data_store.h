// Event data stores of CloudTrail Lake: named sets of the events in the index.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "audit/coverage.h"
#include "base/clock.h"
#include "base/result.h"
#include "catalog/arn.h"
#include "engine/engine.h"

namespace millrace::audit::query {

struct EventDataStore {
  std::string id;  // a UUID, the end of its ARN
  SinkId sink = 0;
  std::string name;
  std::vector<AdvancedSelector> selectors;
  int64_t retention_days = 0;
  bool multi_region = true;
  bool termination_protection = true;
  bool ingesting = true;
  std::map<std::string, std::string> tags;
  int64_t created_milliseconds = 0;
  int64_t updated_milliseconds = 0;
  int64_t deleted_milliseconds = 0;  // 0: it is not pending deletion

  [[nodiscard]] bool pending_deletion() const { return deleted_milliseconds != 0; }
  // "ENABLED", "STOPPED_INGESTION" or "PENDING_DELETION".
  [[nodiscard]] std::string_view status() const;

  friend bool operator==(const EventDataStore&, const EventDataStore&) = default;
};
using EventDataStorePointer = std::shared_ptr<const EventDataStore>;

[[nodiscard]] std::string event_data_store_arn(const catalog::Site& site, std::string_view id);

// As it is stored.
[[nodiscard]] std::string write_event_data_store(const EventDataStore& store);
// InternalServerError when it is not what write_event_data_store() wrote.
[[nodiscard]] Result<EventDataStore> read_event_data_store(std::string_view text);

// All that there are, in the partition kAuditPartition under "e/". Thread-safe. Engine, coverage
// and clock must outlive it. Keeps the coverage as the stores say.
class EventDataStores {
 public:
  using Stores = std::map<std::string, EventDataStorePointer, std::less<>>;  // by id

  [[nodiscard]] static Result<std::unique_ptr<EventDataStores>> open(engine::Engine& engine,
                                                                     Coverage& coverage,
                                                                     const Clock& clock);

  // Those that were deleted a week ago are gone.
  [[nodiscard]] Stores all() const;
  // nullptr: there is none.
  [[nodiscard]] EventDataStorePointer find(std::string_view id) const;

  // Gives a store as it is to be, seeing all as they are; an error changes nothing.
  using Change = std::function<Result<EventDataStorePointer>(const Stores& before)>;
  using ChangeDone = std::function<void(Result<EventDataStorePointer>)>;
  // One after the other. `done` is called when the change is durable and seen by all, on any
  // thread, or with what `change` refused, or the engine's error; it must not make another change.
  void change(const Change& change, ChangeDone done);

 private:
  EventDataStores(engine::Engine& engine, Coverage& coverage, const Clock& clock)
      : engine_(engine), coverage_(coverage), clock_(clock) {}
  Status load();
  void publish(const EventDataStorePointer& store);
  [[nodiscard]] bool is_gone(const EventDataStore& store) const;

  engine::Engine& engine_;
  Coverage& coverage_;
  const Clock& clock_;
  std::mutex change_mutex_;
  Stores decided_;  // guarded by change_mutex_: with the changes on their way to disk
  mutable std::mutex mutex_;
  Stores stores_;  // guarded by mutex_
};

}  // namespace millrace::audit::query
