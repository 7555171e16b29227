#include "cli/trail/trail_scope.h"

#include <fmt/chrono.h>

#include "auth/digest.h"
#include "http/content_coding.h"

namespace millrace::cli::trail {
namespace {

constexpr int64_t kDayMilliseconds = 86'400'000;
constexpr int64_t kHourMilliseconds = 3'600'000;
// For more, one list of everything costs less.
constexpr int64_t kDaysMax = 400;
constexpr size_t kDecompressedBytesMax = size_t{1} << 30;

}  // namespace

int64_t walk_end_milliseconds(const TrailScope& scope) {
  return scope.end_milliseconds + kHourMilliseconds;
}

Result<std::vector<std::string>> list_days(buckets::Bucket& bucket, const std::string& prefix,
                                           int64_t start_milliseconds, int64_t end_milliseconds) {
  const int64_t first = start_milliseconds / kDayMilliseconds;
  const int64_t last = end_milliseconds / kDayMilliseconds;
  if (last - first >= kDaysMax) return bucket.list(prefix);
  std::vector<std::string> names;
  for (int64_t day = first; day <= last; ++day) {
    const auto of_day = TRY(
        bucket.list(fmt::format("{}{:%Y/%m/%d/}", prefix,
                                fmt::gmtime(static_cast<time_t>(day * kDayMilliseconds / 1000)))));
    names.insert(names.end(), of_day.begin(), of_day.end());
  }
  return names;
}

std::optional<Bytes> decompress(ByteView content) {
  http::ByteBudget budget(kDecompressedBytesMax);
  http::ByteBudget::Charge charge(budget);
  Bytes plain;
  if (http::GzipCodec().decompress(content, kDecompressedBytesMax, charge, plain) !=
      http::GunzipOutcome::kDone) {
    return std::nullopt;
  }
  return plain;
}

std::string hash_of(ByteView content) {
  std::string hash;
  auth::append_hex(hash, auth::sha256(content));
  return hash;
}

}  // namespace millrace::cli::trail
