// Events as the spool keeps them, without version and checksum. What decodes encodes to bytes that
// decode to the same events, and every one becomes a record of JSON.
#include <string_view>
#include <vector>

#include "audit/event_encoding.h"
#include "audit/event_json.h"
#include "base/check.h"

namespace millrace::audit {
namespace {

std::vector<Event> events_of(ByteView block) {
  std::vector<Event> events;
  const bool good = decode_block(block, [&](const Event& event) {
    events.push_back(event);
    return true;
  });
  MILLRACE_CHECK(good || events.empty());
  return events;
}

// Texts that are JSON are so because the server wrote them.
void check_record(Event event) {
  event.request_parameters_json.clear();
  event.response_elements_json.clear();
  event.additional_event_data_json.clear();
  event.service_event_details_json.clear();
  std::string record;
  append_event_json(record, {}, event);
  MILLRACE_CHECK(!record.empty());
}

void check_input(std::string_view input) {
  (void)events_of(input);
  const std::vector<Event> events = events_of(encode_block(input));
  Bytes encoded;
  for (const Event& event : events) append_encoded_event(encoded, event);
  MILLRACE_CHECK(events_of(encode_block(encoded)) == events);
  for (const Event& event : events) check_record(event);
}

}  // namespace
}  // namespace millrace::audit

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  millrace::audit::check_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
