#include "audit/delivery/bucket_checks.h"

#include <utility>

#include <fmt/format.h>

#include "base/log.h"

namespace millrace::audit {
namespace {

// Outside of what readers of log files look at.
constexpr std::string_view kObject = "CloudTrailWritabilityCheckFile";

Error stopping() {
  return {ErrorCode::kServiceUnavailableException, "The server is stopping."};
}

}  // namespace

void BucketChecks::add(const std::string& bucket, const std::string& key_prefix, CheckDone done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) {
      waiting_.push_back({bucket, key_prefix, std::move(done)});
      return;
    }
  }
  done(stopping());
}

void BucketChecks::make_all() {
  for (const Check& check : take()) check.done(make(check));
}

void BucketChecks::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  for (const Check& check : take()) check.done(stopping());
}

std::deque<BucketChecks::Check> BucketChecks::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

Status BucketChecks::make(const Check& check) {
  const std::string prefix = check.key_prefix.empty() ? "" : check.key_prefix + "/";
  const auto put = buckets_.put(
      check.bucket,
      {.name = fmt::format("{}AWSLogs/{}/{}", prefix, site_.account_id, kObject), .content = {}});
  if (put) return Done{};
  log::warn("a bucket does not take objects",
            {{"bucket", check.bucket}, {"reason", put.error().message}});
  if (put.error().code == ErrorCode::kInvalidS3BucketNameException) return put.error();
  if (delivery_error_code(put.error()) == "NoSuchBucket") {
    return Error{ErrorCode::kS3BucketDoesNotExistException,
                 fmt::format("S3 bucket {} does not exist!", check.bucket)};
  }
  return Error{ErrorCode::kInsufficientS3BucketPolicyException,
               fmt::format("Incorrect S3 bucket policy is detected for bucket: {}", check.bucket)};
}

}  // namespace millrace::audit
