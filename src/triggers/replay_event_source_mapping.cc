#include "triggers/replay_event_source_mapping.h"

#include <cmath>

namespace millrace::triggers {
namespace {

// A year further than times in milliseconds are ever written: beyond it arithmetic is not safe.
constexpr double kSecondsMax = 253'402'300'800.0;

Result<ReplayFrom> read_from(json::Object input) {
  const std::string_view position = input["StartingPosition"];
  const auto timestamp = json::member(input, "StartingPositionTimestamp");
  const bool is_at_timestamp = position == "AT_TIMESTAMP";
  if (is_at_timestamp != timestamp.has_value()) {
    return validation_error(
        "StartingPositionTimestamp is for the starting position AT_TIMESTAMP, which requires it");
  }
  if (position == "LATEST") return ReplayFrom{ReplayFrom::Position::kLatest};
  if (!is_at_timestamp) return ReplayFrom{ReplayFrom::Position::kTrimHorizon};
  double seconds = 0;
  if (timestamp->get(seconds) != simdjson::SUCCESS || !(seconds >= 0) || seconds > kSecondsMax) {
    return validation_error("StartingPositionTimestamp is not a time in seconds since 1970");
  }
  return ReplayFrom{ReplayFrom::Position::kAtTimestamp, std::llround(seconds * 1000)};
}

}  // namespace

void replay_event_source_mapping(Triggers& triggers, const api::Request& request,
                                 api::Reply reply) {
  const auto from = read_from(request.input);
  if (!from.ok()) return reply(from.error());
  triggers.replay(std::string(std::string_view(request.input["UUID"])), *from,
                  [reply = std::move(reply)](const Status& status) {
                    if (!status.ok()) return reply(status.error());
                    reply(std::string("{}"));
                  });
}

}  // namespace millrace::triggers
