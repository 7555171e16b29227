// The texts by which the service tells what became of an invocation: lines of the log and errors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace millrace::functions {

// How an invocation, or what should have become one, ended.
struct Outcome {
  Bytes payload;
  std::string function_error;    // "Unhandled" or empty
  std::string_view status = {};  // of the REPORT line: "timeout", "error" or empty
  std::string error_type = {};   // of the REPORT line
  std::string log_line = {};     // to be logged before END; empty: none
};

// An error that the service itself makes up: {"errorType":…,"errorMessage":"RequestId: … Error:
// …"}.
[[nodiscard]] Outcome service_fault(std::string_view request_id, std::string error_type,
                                    std::string_view message);
[[nodiscard]] Outcome timed_out(std::string_view request_id, int64_t timeout_seconds,
                                int64_t now_milliseconds);
// The runtime has ended with that status, as from waitpid(), before it answered.
[[nodiscard]] Outcome runtime_exited(std::string_view request_id, int wait_status);
[[nodiscard]] Outcome response_too_large(size_t bytes);
// What the runtime has posted as an error. A body that says nothing is made to.
[[nodiscard]] Outcome reported_error(Bytes body, std::string error_type);

struct ReportFacts {
  std::string_view request_id;
  double duration_milliseconds = 0;
  std::optional<double> init_milliseconds;  // of the instance's first invocation
  int64_t memory_mebibytes = 0;
  int64_t memory_peak_bytes = 0;
  const Outcome& outcome;
};
[[nodiscard]] std::string report_line(const ReportFacts& facts);
// Of an init phase that failed.
[[nodiscard]] std::string init_report_line(double milliseconds, const Outcome& outcome);

}  // namespace millrace::functions
