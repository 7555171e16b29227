#include "cli/trail/log_file_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/digest_time.h"

namespace millrace::cli::trail {
namespace {

// Names of log files have no seconds.
constexpr int64_t kMinuteMilliseconds = 60'000;

}  // namespace

void LogFileCheck::check(const audit::Digest& digest, buckets::Bucket& bucket) {
  if (spans_.empty()) {
    period_milliseconds_ = digest.end_milliseconds - digest.start_milliseconds;
  }
  if (!spans_.empty() && spans_.back().start_milliseconds <= digest.end_milliseconds) {
    spans_.back().start_milliseconds =
        std::min(spans_.back().start_milliseconds, digest.start_milliseconds);
  } else {
    spans_.push_back({digest.start_milliseconds, digest.end_milliseconds});
  }
  for (const audit::DigestedLogFile& file : digest.log_files) {
    named_.insert(file.object);
    const std::string problem = problem_of(digest, file, bucket);
    if (problem.empty()) {
      findings_.valid(FileKind::kLogFile, digest.bucket, file.object);
    } else {
      findings_.invalid(FileKind::kLogFile, digest.bucket, file.object, problem);
    }
  }
}

std::string LogFileCheck::problem_of(const audit::Digest& digest,
                                     const audit::DigestedLogFile& file, buckets::Bucket& bucket) {
  const auto stored = bucket.get(file.object);
  if (!stored) return "cannot be read: " + stored.error().message;
  if (!*stored) return "not found";
  const auto text = decompress((*stored)->content);
  if (!text) return "invalid format";
  const std::string hash = hash_of(*text);
  if (hash == file.hash_value) return {};
  const auto other = std::ranges::find(digest.log_files, hash, &audit::DigestedLogFile::hash_value);
  if (other == digest.log_files.end()) return "hash value doesn't match";
  return "hash value doesn't match: it has the content of " + other->object;
}

Status LogFileCheck::check_unnamed(buckets::Bucket& bucket) {
  for (const std::string& object :
       TRY(list_days(bucket, audit::log_file_object_prefix(scope_.site, scope_.key_prefix),
                     scope_.start_milliseconds, scope_.end_milliseconds))) {
    const auto time = audit::log_file_time(object);
    if (!time || *time < scope_.start_milliseconds || *time > scope_.end_milliseconds) continue;
    if (!named_.contains(object)) check_unnamed_file(object, *time);
  }
  const int64_t newest_end = newest_end_milliseconds().value_or(scope_.start_milliseconds);
  if (undigested_ > 0) {
    findings_.note(fmt::format("Log files since {} that are in no digest yet: {}",
                               audit::digest_time(newest_end), undigested_));
  }
  if (unjudged_ > 0) {
    findings_.note(
        fmt::format("Log files that no valid digest names, for a digest of their time "
                    "is missing, or several trails deliver there: {}",
                    unjudged_));
  }
  return Done{};
}

void LogFileCheck::check_unnamed_file(const std::string& object, int64_t milliseconds) {
  const int64_t end = milliseconds + kMinuteMilliseconds;
  const int64_t newest_end = newest_end_milliseconds().value_or(scope_.start_milliseconds);
  // Delivered late, a file is named by the digest after that of the time in its name.
  if (end > newest_end - period_milliseconds_) {
    ++undigested_;
  } else if (scope_.shares_its_place || !is_covered(milliseconds, end)) {
    ++unjudged_;
  } else {
    findings_.invalid(FileKind::kLogFile, scope_.bucket, object, "no digest names it");
    return;
  }
  findings_.detail(
      fmt::format("Log file\t{}/{}\tin no digest that is there", scope_.bucket, object));
}

bool LogFileCheck::is_covered(int64_t start_milliseconds, int64_t end_milliseconds) const {
  return std::ranges::any_of(spans_, [&](const Span& span) {
    return span.start_milliseconds <= start_milliseconds &&
           end_milliseconds <= span.end_milliseconds;
  });
}

std::optional<int64_t> LogFileCheck::oldest_start_milliseconds() const {
  if (spans_.empty()) return std::nullopt;
  return spans_.back().start_milliseconds;
}

std::optional<int64_t> LogFileCheck::newest_end_milliseconds() const {
  if (spans_.empty()) return std::nullopt;
  return spans_.front().end_milliseconds;
}

}  // namespace millrace::cli::trail
