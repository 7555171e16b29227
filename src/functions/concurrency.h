// How many invocations there may be at once, of each function and of all.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"

namespace millrace::functions {

// Thread-safe.
class Concurrency {
 public:
  explicit Concurrency(int64_t total_max) : total_max_(total_max) {}

  // PutFunctionConcurrency: that many, kept from all others; 0: none. nullopt: what is left.
  void reserve(const std::string& function, std::optional<int64_t> limit);
  // TooManyRequestsException when the limit is reached; otherwise followed by one leave().
  [[nodiscard]] Status enter(const std::string& function);
  void leave(const std::string& function);

 private:
  struct Use {
    int64_t running = 0;
    std::optional<int64_t> reserved;
  };

  const int64_t total_max_;
  std::mutex mutex_;
  std::map<std::string, Use> uses_;  // guarded by mutex_, as all below
  int64_t reserved_ = 0;             // of all functions
  int64_t unreserved_running_ = 0;   // of functions without a reservation
};

}  // namespace millrace::functions
