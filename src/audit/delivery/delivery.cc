#include "audit/delivery/delivery.h"

#include "logs/arn.h"

namespace millrace::audit {
namespace {

constexpr std::chrono::milliseconds kFilesPause(500);
// Events are to be in the log group about a second after the request.
constexpr std::chrono::milliseconds kGroupsPause(250);

}  // namespace

Delivery::Delivery(const DeliveryEnvironment& environment)
    : environment_(environment),
      buckets_(environment_.settings),
      checks_(environment_.site, buckets_),
      files_thread_(
          [this] {
            checks_.make_all();
            // Somebody waits for them: at most as long as for one bucket that does not answer.
            return files_->round([this] { checks_.make_all(); });
          },
          kFilesPause, [this] { return environment_.spool.is_filling(); }),
      groups_thread_([this] { return groups_->round(); }, kGroupsPause,
                     [this] { return environment_.spool.is_filling(); }) {}

Result<std::unique_ptr<Delivery>> Delivery::open(const DeliveryEnvironment& environment) {
  std::unique_ptr<Delivery> delivery(new Delivery(environment));
  delivery->files_ = TRY(FilesDelivery::open(delivery->work(), delivery->statuses_));
  delivery->groups_ = TRY(GroupsDelivery::open(delivery->work(), delivery->statuses_));
  return delivery;
}

Delivery::~Delivery() {
  stop();
}

DeliveryWork Delivery::work() {
  return {environment_, buckets_, counters_, stopped_};
}

void Delivery::start() {
  files_thread_.start();
  groups_thread_.start();
}

void Delivery::stop() {
  stopped_ = true;
  buckets_.stop();
  checks_.stop();
  files_thread_.stop();
  groups_thread_.stop();
}

void Delivery::trails_changed() {
  files_thread_.wake();
  groups_thread_.wake();
}

DeliveryStatus Delivery::status(SinkId trail) const {
  return statuses_.find(trail);
}

void Delivery::check_bucket(const std::string& bucket, const std::string& key_prefix,
                            std::function<void(Status)> done) {
  checks_.add(bucket, key_prefix, std::move(done));
  files_thread_.wake();
}

Status Delivery::check_log_group(const std::string& log_group_arn) const {
  const auto group = logs::group_name_of_arn(environment_.site, log_group_arn);
  if (group && environment_.logs.groups().find(*group) != nullptr) return Done{};
  return Error{ErrorCode::kInvalidCloudWatchLogsLogGroupArnException,
               "CloudTrail cannot validate the specified log group ARN."};
}

}  // namespace millrace::audit
