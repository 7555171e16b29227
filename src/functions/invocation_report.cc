#include "functions/invocation_report.h"

#include <cmath>
#include <csignal>

#include <fmt/format.h>
#include <sys/wait.h>

#include "base/timestamp.h"
#include "functions/runtime_api.h"
#include "json/writer.h"

namespace millrace::functions {
namespace {

constexpr int64_t kMebibyte = 1024 * 1024;

Bytes error_json(std::string_view error_type, std::string_view message) {
  Bytes body;
  json::Writer writer(body);
  writer.begin_object();
  writer.member("errorType", error_type);
  writer.member("errorMessage", message);
  writer.end_object();
  return body;
}

// In the words of the service.
std::string signal_name(int signal) {
  switch (signal) {
    case SIGHUP:
      return "hangup";
    case SIGINT:
      return "interrupt";
    case SIGQUIT:
      return "quit";
    case SIGILL:
      return "illegal instruction";
    case SIGTRAP:
      return "trace/breakpoint trap";
    case SIGABRT:
      return "aborted";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "floating point exception";
    case SIGKILL:
      return "killed";
    case SIGSEGV:
      return "segmentation fault";
    case SIGPIPE:
      return "broken pipe";
    case SIGTERM:
      return "terminated";
    case SIGXFSZ:
      return "file size limit exceeded";
    default:
      return fmt::format("signal {}", signal);
  }
}

std::string exit_text(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    return "Runtime exited with error: signal: " + signal_name(WTERMSIG(wait_status));
  }
  const int status = WEXITSTATUS(wait_status);
  if (status == 0) return "Runtime exited without providing a reason";
  return fmt::format("Runtime exited with error: exit status {}", status);
}

void append_status(std::string& line, const Outcome& outcome) {
  if (outcome.status.empty()) return;
  line += fmt::format("\tStatus: {}", outcome.status);
  if (!outcome.error_type.empty()) line += "\tError Type: " + outcome.error_type;
}

}  // namespace

Outcome service_fault(std::string_view request_id, std::string error_type,
                      std::string_view message) {
  const std::string text = fmt::format("RequestId: {} Error: {}", request_id, message);
  Outcome outcome;
  outcome.payload = error_json(error_type, text);
  outcome.function_error = "Unhandled";
  outcome.status = "error";
  outcome.log_line = text + "\n" + error_type;
  outcome.error_type = std::move(error_type);
  return outcome;
}

Outcome timed_out(std::string_view request_id, int64_t timeout_seconds, int64_t now_milliseconds) {
  const std::string message = fmt::format("Task timed out after {}.00 seconds", timeout_seconds);
  Outcome outcome = service_fault(request_id, "Sandbox.Timedout", message);
  outcome.status = "timeout";
  outcome.error_type.clear();
  outcome.log_line =
      fmt::format("{}Z {} {}", iso8601_milliseconds(now_milliseconds), request_id, message);
  return outcome;
}

Outcome runtime_exited(std::string_view request_id, int wait_status) {
  return service_fault(request_id, "Runtime.ExitError", exit_text(wait_status));
}

Outcome response_too_large(size_t bytes) {
  static constexpr const char* kType = "Function.ResponseSizeTooLarge";
  const std::string message = fmt::format(
      "Response payload size ({} bytes) exceeded maximum allowed payload size ({} bytes).", bytes,
      kResponseBytesMax);
  Outcome outcome;
  outcome.payload = error_json(kType, message);
  outcome.function_error = "Unhandled";
  outcome.status = "error";
  outcome.error_type = kType;
  outcome.log_line = "[ERROR] " + message;
  return outcome;
}

Outcome reported_error(Bytes body, std::string error_type) {
  Outcome outcome;
  if (error_type.empty()) error_type = "Unhandled";
  outcome.payload = body.empty() ? error_json(error_type, "") : std::move(body);
  outcome.function_error = "Unhandled";
  return outcome;
}

std::string report_line(const ReportFacts& facts) {
  const double init = facts.init_milliseconds.value_or(0);
  const auto billed = static_cast<int64_t>(std::ceil(facts.duration_milliseconds + init));
  std::string line = fmt::format(
      "REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: {} ms\tMemory Size: {} MB\t"
      "Max Memory Used: {} MB",
      facts.request_id, facts.duration_milliseconds, billed, facts.memory_mebibytes,
      (facts.memory_peak_bytes + kMebibyte - 1) / kMebibyte);
  if (facts.init_milliseconds) line += fmt::format("\tInit Duration: {:.2f} ms", init);
  append_status(line, facts.outcome);
  return line;
}

std::string init_report_line(double milliseconds, const Outcome& outcome) {
  std::string line = fmt::format("INIT_REPORT Init Duration: {:.2f} ms\tPhase: init", milliseconds);
  append_status(line, outcome);
  return line;
}

}  // namespace millrace::functions
