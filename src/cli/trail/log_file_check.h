// Compares the log files of a trail with what its valid digests say of them.
#pragma once

#include <set>

#include "audit/digest_file.h"
#include "cli/trail/findings.h"
#include "cli/trail/trail_scope.h"

namespace millrace::cli::trail {

class LogFileCheck {
 public:
  // Both must outlive it.
  LogFileCheck(const TrailScope& scope, Findings& findings) : scope_(scope), findings_(findings) {}

  // All files that a valid digest names. Digests come newest first.
  void check(const audit::Digest& digest, buckets::Bucket& bucket);
  // After all digests: the log files in the trail's bucket that none named. One in an hour whose
  // digest is there and is not the last is a finding, unless other trails deliver there, too.
  [[nodiscard]] Status check_unnamed(buckets::Bucket& bucket);

  // Of the valid digests; nullopt: there is none.
  [[nodiscard]] std::optional<int64_t> oldest_start_milliseconds() const;
  [[nodiscard]] std::optional<int64_t> newest_end_milliseconds() const;
  // How long the newest valid digest is.
  [[nodiscard]] int64_t period_milliseconds() const { return period_milliseconds_; }

 private:
  struct Span {
    int64_t start_milliseconds;
    int64_t end_milliseconds;
  };

  // Empty: it is valid.
  [[nodiscard]] static std::string problem_of(const audit::Digest& digest,
                                              const audit::DigestedLogFile& file,
                                              buckets::Bucket& bucket);
  void check_unnamed_file(const std::string& object, int64_t milliseconds);
  [[nodiscard]] bool is_covered(int64_t start_milliseconds, int64_t end_milliseconds) const;

  const TrailScope& scope_;
  Findings& findings_;
  std::vector<Span> spans_;  // of valid digests, joined where they meet; newest first
  std::set<std::string> named_;
  int64_t period_milliseconds_ = 0;
  size_t undigested_ = 0;
  size_t unjudged_ = 0;
};

}  // namespace millrace::cli::trail
