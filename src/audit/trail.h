// A trail, and all that there are.
#pragma once

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

// Thread-safe. Engine and coverage must outlive it. Keeps the coverage as the trails say.
class TrailStore {
 public:
  [[nodiscard]] static Result<std::unique_ptr<TrailStore>> open(engine::Engine& engine,
                                                                Coverage& coverage);

  // By name.
  [[nodiscard]] std::vector<TrailPointer> trails() const;
  // nullptr: there is none.
  [[nodiscard]] TrailPointer find(std::string_view name) const;
  [[nodiscard]] TrailPointer find(SinkId sink) const;

  // Gives what the trail of the name is to become, seeing what it is, nullptr where there is none:
  // nullptr removes it, an error leaves it.
  using Change = std::function<Result<TrailPointer>(const TrailPointer& before)>;
  // One after the other. `done` is called when the change is durable and seen by all, on any
  // thread, or with what `change` refused, or the engine's error.
  void change(const std::string& name, const Change& change,
              std::function<void(Result<TrailPointer>)> done);

  // Called after every change, on its thread; must not block. Set before the first change.
  void set_listener(std::function<void()> listener);
};

}  // namespace millrace::audit
