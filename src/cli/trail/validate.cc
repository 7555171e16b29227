#include "cli/trail/validate.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/digest_time.h"
#include "cli/client/service_client.h"
#include "cli/stream/time_text.h"
#include "cli/trail/digest_chain.h"
#include "cli/trail/log_file_check.h"
#include "cli/trail/trail_facts.h"

namespace millrace::cli::trail {
namespace {

// A digest is delivered that soon after its end, however short its time.
constexpr int64_t kDeliveryMilliseconds = 60'000;

Error unusable(std::string why) {
  return {ErrorCode::kInvalidConfiguration, std::move(why)};
}

Result<int64_t> read_time(const std::string& text, const Clock& clock) {
  const auto seconds = stream::parse_time(text, clock.now_milliseconds() / 1000);
  if (!seconds || *seconds < 0) {
    return unusable("'" + text + "' is not a time such as 2026-11-21T10:00:00Z or 10m");
  }
  return *seconds * 1000;
}

// Whether digests are gone at the end, where the chain cannot tell.
void check_newest(const TrailScope& scope, const LogFileCheck& log_files, Findings& findings) {
  const auto delivered = scope.latest_digest_delivery_milliseconds;
  if (!delivered || *delivered < scope.start_milliseconds || *delivered > scope.end_milliseconds) {
    return;
  }
  const auto newest = log_files.newest_end_milliseconds();
  const int64_t next = newest.value_or(scope.start_milliseconds) +
                       std::max(log_files.period_milliseconds(), kDeliveryMilliseconds);
  if (*delivered < next) return;
  findings.finding(fmt::format(
      "The newest digests are missing: one was delivered at {}, the newest valid one ends at {}",
      audit::digest_time(*delivered),
      newest ? audit::digest_time(*newest) : "no time: there is none"));
}

void summarize(const TrailScope& scope, const LogFileCheck& log_files, Findings& findings) {
  findings.note("");
  findings.note(fmt::format("Results requested for {} to {}",
                            audit::digest_time(scope.start_milliseconds),
                            audit::digest_time(scope.end_milliseconds)));
  if (!findings.has_digests()) return findings.note("No digests found");
  const auto start = log_files.oldest_start_milliseconds();
  const auto end = log_files.newest_end_milliseconds();
  if (start && end) {
    findings.note(fmt::format("Results found for {} to {}:",
                              audit::digest_time(std::max(*start, scope.start_milliseconds)),
                              audit::digest_time(std::min(*end, scope.end_milliseconds))));
  } else {
    findings.note("No valid digests found in range");
  }
  findings.note("");
  findings.note(findings.ratio(FileKind::kDigest));
  findings.note(findings.ratio(FileKind::kLogFile));
}

}  // namespace

Status validate_bucket(const TrailScope& scope, const PublicKeys& keys,
                       const OpenBucket& open_bucket, Findings& findings) {
  LogFileCheck log_files(scope, findings);
  DigestChain chain(scope, keys, open_bucket, findings);
  TRY(chain.walk([&](const audit::Digest& digest, buckets::Bucket& bucket) {
    log_files.check(digest, bucket);
  }));
  TRY(log_files.check_unnamed(*open_bucket(scope.bucket)));
  check_newest(scope, log_files, findings);
  summarize(scope, log_files, findings);
  return Done{};
}

Status validate_trail(const Connection& connection, const Clock& clock,
                      const ValidateOptions& options) {
  const int64_t start = TRY(read_time(options.start_time, clock));
  const int64_t end =
      options.end_time ? TRY(read_time(*options.end_time, clock)) : clock.now_milliseconds();
  if (start > end) return unusable("--start-time must be before --end-time");
  ServiceClient client(connection, clock);
  TrailScope scope = TRY(find_trail(client, options.trail_arn));
  scope.start_milliseconds = start;
  scope.end_milliseconds = end;
  const PublicKeys keys = TRY(find_public_keys(client, start, walk_end_milliseconds(scope)));
  BucketPlace place;
  if (options.bucket_directory) {
    place.directory = *options.bucket_directory;
  } else if (options.s3_endpoint) {
    place.endpoint = *options.s3_endpoint;
    place.region = connection.region;
  } else {
    place = TRY(find_bucket_place(client, options.trail_arn));
  }
  fmt::print("Validating log files for trail {} between {} and {}\n\n", options.trail_arn,
             audit::digest_time(start), audit::digest_time(end));
  Findings findings(options.verbose, [](std::string_view line) { fmt::print("{}\n", line); });
  TRY(validate_bucket(scope, keys, bucket_opener(place, scope.bucket, connection.credentials),
                      findings));
  if (findings.count() > 0) {
    return Error{ErrorCode::kServiceException,
                 fmt::format("the trail is not as it was delivered: {} finding{}", findings.count(),
                             findings.count() == 1 ? "" : "s")};
  }
  if (!findings.has_digests()) return unusable("there is nothing to validate");
  return Done{};
}

}  // namespace millrace::cli::trail
