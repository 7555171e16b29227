#include "audit/operations/operations.h"
#include "base/timestamp.h"
#include "json/writer.h"

namespace millrace::audit {
namespace {

void write_time(json::Writer& writer, std::string_view name, std::optional<int64_t> milliseconds) {
  if (!milliseconds) return;
  writer.key(name);
  writer.timestamp_milliseconds(*milliseconds);
}

// "2026-11-21T10:00:00Z", or nothing: how the older members tell a time.
void write_time_text(json::Writer& writer, std::string_view name,
                     std::optional<int64_t> milliseconds) {
  constexpr size_t kToSeconds = 19;
  writer.member(name, milliseconds ? iso8601_milliseconds(*milliseconds).substr(0, kToSeconds) + "Z"
                                   : std::string());
}

void write_error(json::Writer& writer, std::string_view name, const std::string& error) {
  if (!error.empty()) writer.member(name, error);
}

std::optional<int64_t> unless_never(int64_t milliseconds) {
  return milliseconds == 0 ? std::nullopt : std::optional(milliseconds);
}

}  // namespace

Result<std::string> get_trail_status(const TrailCall& call) {
  const TrailPointer trail = TRY(find_trail(call, "Name"));
  const DeliveryStatus delivery = call.services.delivery.status(trail->sink);
  const auto started = unless_never(trail->start_logging_milliseconds);
  const auto stopped = unless_never(trail->stop_logging_milliseconds);

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("IsLogging", trail->logging);
  write_error(writer, "LatestDeliveryError", delivery.latest_delivery_error);
  write_time(writer, "LatestDeliveryTime", delivery.latest_delivery_milliseconds);
  write_time(writer, "StartLoggingTime", started);
  write_time(writer, "StopLoggingTime", stopped);
  write_error(writer, "LatestCloudWatchLogsDeliveryError",
              delivery.latest_log_group_delivery_error);
  write_time(writer, "LatestCloudWatchLogsDeliveryTime",
             delivery.latest_log_group_delivery_milliseconds);
  write_time(writer, "LatestDigestDeliveryTime", delivery.latest_digest_delivery_milliseconds);
  write_error(writer, "LatestDigestDeliveryError", delivery.latest_digest_delivery_error);
  write_time_text(writer, "LatestDeliveryAttemptTime",
                  delivery.latest_delivery_attempt_milliseconds);
  write_time_text(writer, "LatestNotificationAttemptTime", std::nullopt);
  write_time_text(writer, "LatestNotificationAttemptSucceeded", std::nullopt);
  write_time_text(writer, "LatestDeliveryAttemptSucceeded", delivery.latest_delivery_milliseconds);
  write_time_text(writer, "TimeLoggingStarted", started);
  write_time_text(writer, "TimeLoggingStopped", stopped);
  writer.end_object();
  return out;
}

}  // namespace millrace::audit
