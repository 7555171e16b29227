// What the operations on trails ask of those who deliver.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "audit/event.h"
#include "base/result.h"

namespace millrace::audit {

// Times in milliseconds since 1970.
struct DeliveryStatus {
  std::optional<int64_t> latest_delivery_milliseconds;
  std::optional<int64_t> latest_delivery_attempt_milliseconds;  // of a log file, failed ones too
  std::string latest_delivery_error;                            // a code; empty: none
  std::optional<int64_t> latest_digest_delivery_milliseconds;
  std::string latest_digest_delivery_error;
  std::optional<int64_t> latest_log_group_delivery_milliseconds;
  std::string latest_log_group_delivery_error;
};

// Thread-safe.
class TrailDelivery {
 public:
  virtual ~TrailDelivery() = default;

  // Of a trail that never delivered, nothing is set.
  [[nodiscard]] virtual DeliveryStatus status(SinkId trail) const = 0;
  // Whether log files could be stored there. S3BucketDoesNotExistException,
  // InsufficientS3BucketPolicyException. Calls `done` once, on any thread.
  virtual void check_bucket(const std::string& bucket, const std::string& key_prefix,
                            std::function<void(Status)> done) = 0;
  // Whether the group is there. InvalidCloudWatchLogsLogGroupArnException.
  [[nodiscard]] virtual Status check_log_group(const std::string& log_group_arn) const = 0;
};

}  // namespace millrace::audit
