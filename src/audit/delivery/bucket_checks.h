// Whether trails may store their files in a bucket, found out by storing something there.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "audit/delivery/trail_buckets.h"
#include "catalog/arn.h"

namespace millrace::audit {

// Thread-safe, but for make_all(). Site and buckets must outlive it.
class BucketChecks {
 public:
  using CheckDone = std::function<void(Status)>;

  BucketChecks(const catalog::Site& site, TrailBuckets& buckets) : site_(site), buckets_(buckets) {}

  // As TrailDelivery::check_bucket(), `done` is called in make_all() or stop().
  void add(const std::string& bucket, const std::string& key_prefix, CheckDone done);
  // On the thread of the buckets.
  void make_all();
  // All that wait or come later fail with ServiceUnavailableException.
  void stop();

 private:
  struct Check {
    std::string bucket;
    std::string key_prefix;
    CheckDone done;
  };

  [[nodiscard]] Status make(const Check& check);
  std::deque<Check> take();

  const catalog::Site& site_;
  TrailBuckets& buckets_;
  std::mutex mutex_;
  std::deque<Check> waiting_;  // guarded by mutex_
  bool stopped_ = false;       // guarded by mutex_
};

}  // namespace millrace::audit
