// A trail, and all that there are.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "audit/coverage.h"
#include "base/result.h"
#include "engine/engine.h"

namespace millrace::audit {

struct Trail {
  SinkId sink = 0;
  std::string name;
  std::string arn;
  std::string bucket;
  std::string key_prefix;  // without slashes at its ends; empty: none
  bool log_file_validation = false;
  std::string log_group_arn;  // of CloudWatch Logs, ending in ":*"; empty: none
  std::string log_role_arn;
  std::string kms_key_id;  // empty: none
  bool multi_region = false;
  bool include_global_service_events = true;
  std::map<std::string, std::string> tags;
  Selectors selectors;
  bool logging = false;
  int64_t created_milliseconds = 0;
  int64_t start_logging_milliseconds = 0;  // 0: never
  int64_t stop_logging_milliseconds = 0;   // 0: never

  friend bool operator==(const Trail&, const Trail&) = default;
};
using TrailPointer = std::shared_ptr<const Trail>;

// Thread-safe. Engine and coverage must outlive it. Keeps the coverage as the trails say: those
// that are logging. Its destructor waits for the changes that were asked for.
class TrailStore {
 public:
  // Reads everything that is stored (docs/formats/audit.md). InternalServerError when that is
  // damaged.
  [[nodiscard]] static Result<std::unique_ptr<TrailStore>> open(engine::Engine& engine,
                                                                Coverage& coverage);
  ~TrailStore();
  TrailStore(const TrailStore&) = delete;
  TrailStore& operator=(const TrailStore&) = delete;

  // By name.
  [[nodiscard]] std::vector<TrailPointer> trails() const;
  // nullptr: there is none.
  [[nodiscard]] TrailPointer find(std::string_view name) const;
  [[nodiscard]] TrailPointer find(SinkId sink) const;

  // Gives what the trail of the name is to become, seeing what it is, nullptr where there is none:
  // nullptr removes it, an error leaves it.
  using Change = std::function<Result<TrailPointer>(const TrailPointer& before)>;
  // One after the other; `change` may ask the store, and sees all changes before it. `done` is
  // called when the change is durable and seen by all, on any thread, or with what `change`
  // refused, or the engine's error. Neither may block. What is equal to what it was is not written.
  void change(const std::string& name, const Change& change,
              std::function<void(Result<TrailPointer>)> done);

  // Called after every change, on its thread; must not block. Set before the first change.
  void set_listener(std::function<void()> listener);

 private:
  struct Pending {
    std::string name;
    Change change;
    std::function<void(Result<TrailPointer>)> done;
  };

  TrailStore(engine::Engine& engine, Coverage& coverage) : engine_(engine), coverage_(coverage) {}
  Status load();
  // Makes the changes in `pending_` until there is none or one waits for its commit.
  void make_changes();
  // Whether the next change can be made: it is not when `pending`'s commit goes on elsewhere.
  bool make_change(Pending pending);
  void publish(const TrailPointer& before, const TrailPointer& now);
  void cover(const Trail& trail);

  engine::Engine& engine_;
  Coverage& coverage_;
  std::function<void()> listener_;

  mutable std::shared_mutex mutex_;
  std::map<std::string, TrailPointer, std::less<>> trails_;  // guarded by mutex_

  std::mutex pending_mutex_;
  std::deque<Pending> pending_;    // guarded by pending_mutex_
  bool changing_ = false;          // guarded by pending_mutex_: one is being made
  std::condition_variable quiet_;  // `changing_` became false
};

}  // namespace millrace::audit
