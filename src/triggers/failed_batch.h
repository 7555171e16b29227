// A batch that a mapping gave up, as its OnFailure destination gets it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace millrace::triggers {

enum class FailureCondition { kRetryAttemptsExhausted, kRecordAgeExceeded };
[[nodiscard]] constexpr std::string_view failure_condition_name(FailureCondition condition) {
  return condition == FailureCondition::kRecordAgeExceeded ? "RecordAgeExceeded"
                                                           : "RetryAttemptsExhausted";
}

// What the function answered last.
struct LastResponse {
  int status_code = 200;
  std::string executed_version;
  std::string function_error;
};

struct FailedBatch {
  std::string mapping_uuid;
  std::string function_arn;
  FailureCondition condition = FailureCondition::kRetryAttemptsExhausted;
  std::string request_id;  // of the last invocation
  int64_t approximate_invoke_count = 0;
  // None when the batch was given up for its age.
  std::optional<LastResponse> response;
  int64_t failed_milliseconds = 0;

  std::string stream_arn;
  std::string shard_id;
  std::string start_sequence_number;
  std::string end_sequence_number;
  int64_t first_record_milliseconds = 0;
  int64_t last_record_milliseconds = 0;
  int64_t batch_size = 0;
  Bytes payload;  // the event
};

// Delivers to the destinations that ARNs name. Thread-safe; does not block.
class FailureDestinations {
 public:
  virtual ~FailureDestinations() = default;
  // Whether there is a way to such a destination; InvalidParameterValueException if not.
  [[nodiscard]] virtual Status check(const std::string& destination_arn) const = 0;
  // Calls `done` once, on any thread. After an error the caller tries again.
  virtual void send(const std::string& destination_arn, FailedBatch batch,
                    std::function<void(Status)> done) = 0;
};

}  // namespace millrace::triggers
