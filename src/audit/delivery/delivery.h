// Everything from the spool to the buckets and log groups of the trails.
#pragma once

#include <memory>

#include "audit/delivery/bucket_checks.h"
#include "audit/delivery/delivery_thread.h"
#include "audit/delivery/files_delivery.h"
#include "audit/delivery/groups_delivery.h"
#include "audit/trail_delivery.h"

namespace millrace::audit {

// Thread-safe. One thread is for all buckets, one for all log groups.
class Delivery final : public TrailDelivery {
 public:
  // Reads how far all has come. InternalServerError from the engine, or for what is damaged.
  [[nodiscard]] static Result<std::unique_ptr<Delivery>> open(
      const DeliveryEnvironment& environment);
  ~Delivery() override;
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;

  void start();
  // Ends the threads within about a second: an upload under way is cut off, and made again after
  // the next start. Checks that wait fail with ServiceUnavailableException.
  void stop();
  // For TrailStore::set_listener().
  void trails_changed();

  [[nodiscard]] DeliveryStatus status(SinkId trail) const override;
  // Stores an empty object there: a bucket that is a directory is made by it.
  void check_bucket(const std::string& bucket, const std::string& key_prefix,
                    std::function<void(Status)> done) override;
  [[nodiscard]] Status check_log_group(const std::string& log_group_arn) const override;

  [[nodiscard]] const DeliveryCounters& counters() const { return counters_; }

 private:
  explicit Delivery(const DeliveryEnvironment& environment);
  [[nodiscard]] DeliveryWork work();

  const DeliveryEnvironment environment_;
  DeliveryCounters counters_;
  std::atomic<bool> stopped_ = false;
  TrailBuckets buckets_;
  BucketChecks checks_;
  DeliveryStatuses statuses_;
  std::unique_ptr<FilesDelivery> files_;
  std::unique_ptr<GroupsDelivery> groups_;
  // Last: they use all of the above.
  DeliveryThread files_thread_;
  DeliveryThread groups_thread_;
};

}  // namespace millrace::audit
