#include "auth/signature_time.h"

#include <algorithm>
#include <charconv>

#include "auth/amz_time.h"
#include "auth/refusal.h"
#include "auth/sigv4.h"

namespace millrace::auth {
namespace {

constexpr int64_t kSkewSeconds = 15 * 60;
constexpr int64_t kWeekSeconds = 7 * 24 * 60 * 60;

// "15 min."
std::string duration_text(int64_t seconds) {
  return seconds % 60 == 0 ? std::to_string(seconds / 60) + " min."
                           : std::to_string(seconds) + " sec.";
}

// How long a signature is good.
Result<int64_t> validity_seconds(const Credential& credential) {
  const std::string_view text = credential.expires_seconds;
  if (text.empty()) return kSkewSeconds;
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) {
    return incomplete_signature("X-Amz-Expires should be a number");
  }
  if (seconds < 0) return incomplete_signature("X-Amz-Expires must be non-negative");
  if (seconds > kWeekSeconds) {
    return incomplete_signature(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
        "must be less than 604800 seconds");
  }
  return seconds;
}

// Years before 1000 and after 9999 are refused below, but shown first.
Timestamp timestamp_of(int64_t seconds) {
  std::string text = amz_date(seconds);
  text.insert(0, std::max(text.size(), sizeof(Timestamp)) - text.size(), '0');
  Timestamp timestamp;
  std::copy_n(text.begin(), timestamp.size(), timestamp.begin());
  return timestamp;
}

}  // namespace

Result<Timestamp> current_timestamp(const Credential& credential, int64_t now_seconds) {
  Timestamp timestamp;
  auto seconds = parse_amz_date(credential.time);
  if (seconds) {
    std::ranges::copy(credential.time, timestamp.begin());
  } else if (!credential.is_in_query) {
    seconds = parse_http_date(credential.time);
    if (seconds) timestamp = timestamp_of(*seconds);
  }
  if (!seconds) {
    return incomplete_signature("Date must be in ISO-8601 'basic format'. Got '" +
                                shown(credential.time) +
                                "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }
  const int64_t good_seconds = TRY(validity_seconds(credential));
  if (*seconds < now_seconds - good_seconds) {
    return invalid_signature("Signature expired: " + std::string(as_text(timestamp)) +
                             " is now earlier than " + amz_date(now_seconds - good_seconds) + " (" +
                             amz_date(now_seconds) + " - " + duration_text(good_seconds) + ")");
  }
  if (*seconds > now_seconds + kSkewSeconds) {
    return invalid_signature("Signature not yet current: " + std::string(as_text(timestamp)) +
                             " is still later than " + amz_date(now_seconds + kSkewSeconds) + " (" +
                             amz_date(now_seconds) + " + " + duration_text(kSkewSeconds) + ")");
  }
  return timestamp;
}

}  // namespace millrace::auth
