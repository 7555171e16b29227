#include "functions/concurrency.h"

namespace millrace::functions {
namespace {

Error rate_exceeded(std::string_view reason) {
  return {ErrorCode::kTooManyRequestsException, "Rate Exceeded.",
          "\"Reason\":\"" + std::string(reason) + "\",\"Type\":\"User\""};
}

}  // namespace

void Concurrency::reserve(const std::string& function, std::optional<int64_t> limit) {
  const std::lock_guard lock(mutex_);
  Use& use = uses_[function];
  if (use.reserved) {
    reserved_ -= *use.reserved;
  } else {
    unreserved_running_ -= use.running;
  }
  use.reserved = limit;
  if (limit) {
    reserved_ += *limit;
  } else {
    unreserved_running_ += use.running;
    if (use.running == 0) uses_.erase(function);
  }
}

Status Concurrency::enter(const std::string& function) {
  const std::lock_guard lock(mutex_);
  const auto found = uses_.find(function);
  if (found != uses_.end() && found->second.reserved) {
    if (found->second.running >= *found->second.reserved) {
      return rate_exceeded("ReservedFunctionConcurrentInvocationLimitExceeded");
    }
    ++found->second.running;
    return Done{};
  }
  if (unreserved_running_ >= total_max_ - reserved_) {
    return rate_exceeded("ConcurrentInvocationLimitExceeded");
  }
  ++uses_[function].running;
  ++unreserved_running_;
  return Done{};
}

void Concurrency::leave(const std::string& function) {
  const std::lock_guard lock(mutex_);
  const auto found = uses_.find(function);
  MILLRACE_CHECK(found != uses_.end() && found->second.running > 0);
  --found->second.running;
  if (found->second.reserved) return;
  --unreserved_running_;
  if (found->second.running == 0) uses_.erase(found);
}

}  // namespace millrace::functions
