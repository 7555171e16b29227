#include <cmath>

#include "audit/operations/integrity.h"
#include "json/writer.h"

namespace millrace::audit {
namespace {

// A year further than times in milliseconds are ever written: beyond it arithmetic is not safe.
constexpr double kSecondsMax = 253'402'300'800.0;
// A digest may be signed that long after the time at which it ends: the bucket could not be
// reached, or the server was away, and the key was replaced meanwhile.
constexpr int64_t kSignedLaterMilliseconds = int64_t{7} * 86'400'000;

Error invalid_range(const char* why) {
  return {ErrorCode::kInvalidTimeRangeException, why};
}

Result<std::optional<int64_t>> read_time(json::Object input, std::string_view name) {
  const auto element = json::member(input, name);
  if (!element) return std::optional<int64_t>();
  double seconds = 0;
  if (element->get(seconds) != simdjson::SUCCESS || !(std::abs(seconds) <= kSecondsMax)) {
    return invalid_range("A time is outside the range of possible values");
  }
  return std::optional<int64_t>(std::llround(seconds * 1000));
}

void write_key(json::Writer& writer, const PublicKey& key) {
  writer.begin_object();
  writer.key("Value");
  writer.base64(key.der);
  writer.key("ValidityStartTime");
  writer.timestamp_milliseconds(key.validity_start_milliseconds);
  writer.key("ValidityEndTime");
  writer.timestamp_milliseconds(key.validity_end_milliseconds);
  writer.member("Fingerprint", key.fingerprint);
  writer.end_object();
}

}  // namespace

Result<std::string> list_public_keys(json::Object input, const SigningKeys& keys,
                                     const Clock& clock) {
  if (json::member(input, "NextToken")) {
    return Error{ErrorCode::kInvalidTokenException, "There are no more pages"};
  }
  const auto start = TRY(read_time(input, "StartTime"));
  const auto end = TRY(read_time(input, "EndTime"));
  const int64_t now = clock.now_milliseconds();
  if (start.value_or(now) > end.value_or(now)) {
    return invalid_range("The start time is after the end time");
  }
  const auto all = keys.public_keys();
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("PublicKeyList");
  writer.begin_array();
  for (const PublicKey& key : all) {
    const bool covers =
        key.validity_start_milliseconds - kSignedLaterMilliseconds <= end.value_or(now) &&
        key.validity_end_milliseconds >= start.value_or(now);
    const bool is_current = &key == &all.back();
    if (start || end ? covers : is_current) write_key(writer, key);
  }
  writer.end_array();
  writer.end_object();
  return out;
}

}  // namespace millrace::audit
