// The buckets of the trails, by name: directories, or buckets of an S3-compatible service.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "audit/settings.h"
#include "buckets/bucket.h"
#include "buckets/signed_client.h"

namespace millrace::audit {

// For one thread, but for stop().
class TrailBuckets {
 public:
  explicit TrailBuckets(const AuditSettings& settings);

  // As Bucket::put(); InvalidS3BucketNameException for a name that no bucket can have.
  [[nodiscard]] Status put(const std::string& bucket, const buckets::Object& object);
  // Closes the connections to all others.
  void keep_only(const std::set<std::string>& buckets);
  // Any thread: what is under way and all that comes later fails.
  void stop();

 private:
  struct Way {
    std::shared_ptr<buckets::SignedClient> client;  // nullptr: a directory
    std::unique_ptr<buckets::Bucket> bucket;
  };

  [[nodiscard]] Result<buckets::Bucket*> open(const std::string& name);

  const AuditSettings settings_;
  std::mutex mutex_;
  std::map<std::string, Way> ways_;  // changed with mutex_ held
  bool stopped_ = false;             // guarded by mutex_
};

// The error code of S3 that tells of it best: "NoSuchBucket".
[[nodiscard]] std::string delivery_error_code(const Error& error);

}  // namespace millrace::audit
