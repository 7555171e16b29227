// The database of events (docs/formats/audit.md, "The index"): written here by one thread, read by
// connections of their own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "audit/event.h"
#include "audit/query/sqlite.h"
#include "audit/spool.h"
#include "catalog/catalog.h"

namespace millrace::audit::query {

// What is kept.
struct IndexBounds {
  int64_t bytes_max = 0;
  int64_t days = 0;
};

// For one thread. The catalog must outlive it.
class EventIndex {
 public:
  // Makes the file when there is none. One that is damaged is moved to "PATH.damaged" and a new one
  // is made. InvalidConfiguration for one of another version.
  [[nodiscard]] static Result<EventIndex> open(const std::string& path,
                                               const catalog::Catalog& catalog);

  // The number of the first event that is not in it; nullopt: nothing was ever put in.
  [[nodiscard]] Result<std::optional<EventNumber>> next();
  // Forgets the events from there on, and goes on there.
  [[nodiscard]] Status restart_at(EventNumber next);

  // All or nothing, in rising order of numbers: begin(), add() of each, commit(). `next` is what
  // next() says from then on.
  [[nodiscard]] Status begin();
  [[nodiscard]] Status add(EventNumber number, const Event& event);
  [[nodiscard]] Status commit(EventNumber next);
  // Puts all commits of before on disk.
  [[nodiscard]] Status sync();

  // Removes at most some thousand events of those that are too old or too many. Whether there may
  // be more to remove.
  [[nodiscard]] Result<bool> trim_some(const IndexBounds& bounds, int64_t now_milliseconds);
  // Of the events that are kept.
  [[nodiscard]] Result<int64_t> bytes();

  // Whether the latest error says that the file is damaged.
  [[nodiscard]] bool found_damage() const { return database_.found_damage(); }
  // Closes it and opens a new, empty one; the damaged one is moved aside.
  [[nodiscard]] Status replace();

 private:
  EventIndex(std::string path, const catalog::Catalog& catalog)
      : path_(std::move(path)), catalog_(&catalog) {}

  Status load();
  Status prepare_statements();
  Status load_sink_sets();
  Result<int64_t> sink_set_of(const std::vector<SinkId>& sinks);
  Status set_state(std::string_view name, int64_t value);
  Result<int64_t> remove(std::string_view chosen);
  Result<int64_t> remove_old(int64_t before_milliseconds);
  Result<int64_t> remove_oldest();

  std::string path_;
  const catalog::Catalog* catalog_;
  Database database_;
  // Of database_, so they go before it.
  Statement insert_event_;
  Statement insert_item_;
  Statement insert_sink_set_;
  Statement set_state_;
  std::optional<Transaction> transaction_;
  std::map<std::string, int64_t> sink_sets_;  // that are stored
  std::map<std::vector<SinkId>, int64_t> sink_set_of_sinks_;
  bool sink_sets_known_ = true;  // whether both are as they are stored
  std::string record_;           // of the latest event
};

// How the sinks of an event are stored: " 3 17 ".
[[nodiscard]] std::string sink_set_text(const std::vector<SinkId>& sinks);
// Events of about the same time are in one bucket of the table of items.
[[nodiscard]] int64_t item_bucket(EventNumber number);

}  // namespace millrace::audit::query
