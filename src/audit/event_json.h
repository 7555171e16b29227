// The record of an event in CloudTrail's own format (CloudTrail User Guide, "CloudTrail record
// contents").
#pragma once

#include <string>

#include "audit/event.h"
#include "catalog/arn.h"

namespace millrace::audit {

// Appends one JSON object of at most 256 KB: what is longer than its share is cut, and says so in
// the record. The same event gives the same bytes, always.
void append_event_json(std::string& out, const catalog::Site& site, const Event& event);
// "2026-11-21T10:00:00Z".
[[nodiscard]] std::string event_time(int64_t milliseconds);

}  // namespace millrace::audit
