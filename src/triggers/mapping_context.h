// What all lanes of a mapping share. For tasks of the scheduler only.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "triggers/environment.h"
#include "triggers/mapping.h"
#include "triggers/shard_records.h"

namespace millrace::triggers {

// Since the server started.
struct MappingCounts {
  int64_t batches = 0;            // invocations that the function ended well
  int64_t records = 0;            // worked off by the function
  int64_t failures = 0;           // invocations that it did not, or that could not be made
  int64_t retries = 0;            // invocations of what had failed before
  int64_t discarded_records = 0;  // given up
  int64_t lost_records = 0;       // trimmed before they were read
  std::optional<int64_t> iterator_age_milliseconds;  // of the last record worked off, then
};

// What the API shows. Thread-safe.
class LastProcessingResult {
 public:
  void set(std::string text) {
    std::lock_guard lock(mutex_);
    text_ = std::move(text);
  }
  [[nodiscard]] std::string get() const {
    std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_ = "No records processed";  // guarded by mutex_
};

struct MappingContext {
  const Environment& environment;
  MappingPointer mapping;  // an update replaces it, from the next batch on
  RecordFilter filter;     // of mapping
  std::shared_ptr<LastProcessingResult> last_result = std::make_shared<LastProcessingResult>();
  MappingCounts counts = {};
};

using MappingContextPointer = std::shared_ptr<MappingContext>;

}  // namespace millrace::triggers
