// Walks the chain of a trail's digests backwards, and verifies each.
#pragma once

#include <set>

#include "audit/digest_file.h"
#include "cli/trail/findings.h"
#include "cli/trail/trail_scope.h"

namespace millrace::cli::trail {

class DigestChain {
 public:
  // All must outlive it.
  DigestChain(const TrailScope& scope, const PublicKeys& keys, const OpenBucket& open_bucket,
              Findings& findings)
      : scope_(scope), keys_(keys), open_bucket_(open_bucket), findings_(findings) {}

  // Calls `visit` with each valid digest, the newest first, and the bucket that it is in. The error
  // of a bucket whose objects cannot be listed; an object that cannot be read is a finding.
  using Visit = std::function<void(const audit::Digest& digest, buckets::Bucket& bucket)>;
  [[nodiscard]] Status walk(const Visit& visit);

 private:
  struct Listed {
    int64_t end_milliseconds;
    std::string object;
  };
  // Those of the range that the bucket has, in the order of their ends.
  [[nodiscard]] Result<std::vector<Listed>> list_digests(const std::string& prefix);
  [[nodiscard]] Status enter_bucket(const std::string& name, const std::string& prefix);
  // The newest that was not looked at, older than `before`; empty: there is none.
  [[nodiscard]] std::string next_listed(int64_t before_milliseconds) const;
  [[nodiscard]] std::optional<int64_t> end_of(const std::string& object) const;
  // nullopt, and a finding, when it is not what it must be.
  [[nodiscard]] std::optional<audit::Digest> verify(const std::string& object,
                                                    const audit::PreviousDigest* link);
  [[nodiscard]] Result<audit::Digest> check(const std::string& object,
                                            const buckets::StoredObject& stored,
                                            const audit::PreviousDigest* link) const;
  [[nodiscard]] Status follow(const audit::Digest& digest, std::string& object);
  void tell_of_strays();

  const TrailScope& scope_;
  const PublicKeys& keys_;
  const OpenBucket& open_bucket_;
  Findings& findings_;

  // Of the bucket where the walk is now.
  std::string bucket_name_;
  std::string prefix_;
  std::unique_ptr<buckets::Bucket> bucket_;
  std::vector<Listed> listed_;
  // Of all buckets where it was.
  using Place = std::pair<std::string, std::string>;  // bucket, object
  std::set<Place> all_listed_;
  std::set<Place> seen_;
};

}  // namespace millrace::cli::trail
