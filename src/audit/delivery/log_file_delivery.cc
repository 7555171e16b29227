#include "audit/delivery/log_file_delivery.h"

#include <algorithm>
#include <utility>

#include "audit/digest_file.h"
#include "base/log.h"

namespace millrace::audit {
namespace {

constexpr std::string_view kObjectAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr size_t kObjectRandomCharacters = 16;
// Where few of the events are the trail's, they are not looked through too often.
constexpr double kJsonPerRecordedMin = 0.5;
// A trail may leave so much of the spool undelivered, a quarter.
constexpr int64_t kSpoolShare = 4;

}  // namespace

LogFileDelivery::LogFileDelivery(DeliveryWork work, FilesRecord& record)
    : work_(work), record_(record) {
  const int64_t now = work_.environment.clock.now_milliseconds();
  delivered_milliseconds_ = record.state().latest_delivery_milliseconds.value_or(now);
  amount_.recorded_at_delivery = amount_.recorded_at_look =
      work_.environment.spool.recorded_bytes();
}

Result<bool> LogFileDelivery::step(const Trail& trail) {
  if (trail.logging) is_drained_ = false;
  // A copy: what is stored meanwhile takes its place.
  const auto planned = record_.state().log_file;
  if (!planned) return plan(trail);
  if (uploaded_) return note_upload(*planned);
  if (planned->bucket != trail.bucket || planned->key_prefix != trail.key_prefix) {
    return plan_anew();
  }
  return upload(trail, *planned);
}

bool LogFileDelivery::is_time(int64_t now) {
  // After the clock stepped back the whole interval passes once more.
  delivered_milliseconds_ = std::min(delivered_milliseconds_, now);
  return now - delivered_milliseconds_ >= work_.environment.settings.delivery_seconds * 1000;
}

bool LogFileDelivery::may_be_full() const {
  const uint64_t recorded = work_.environment.spool.recorded_bytes();
  const auto since = static_cast<double>(recorded - amount_.recorded_at_look);
  const double json = static_cast<double>(amount_.json_at_look) + since * amount_.json_per_recorded;
  return json >= static_cast<double>(work_.environment.settings.file_bytes_max);
}

bool LogFileDelivery::presses() const {
  const uint64_t recorded = work_.environment.spool.recorded_bytes();
  const int64_t share = work_.environment.settings.spool_bytes_max / kSpoolShare;
  return recorded - amount_.recorded_at_delivery >= static_cast<uint64_t>(share);
}

void LogFileDelivery::note_look(const LogFileContent& content) {
  amount_.recorded_at_look = work_.environment.spool.recorded_bytes();
  amount_.json_at_look = content.text.size();
  const uint64_t recorded = amount_.recorded_at_look - amount_.recorded_at_delivery;
  if (recorded == 0) return;
  amount_.json_per_recorded =
      std::max(kJsonPerRecordedMin,
               static_cast<double>(content.text.size()) / static_cast<double>(recorded));
}

void LogFileDelivery::note_delivery() {
  amount_.recorded_at_delivery = amount_.recorded_at_look;
  amount_.json_at_look = 0;
}

Result<bool> LogFileDelivery::plan(const Trail& trail) {
  const DeliveryEnvironment& environment = work_.environment;
  // The files of the bucket of before get their digest first.
  const auto& chain = record_.state().chain;
  if (chain && (chain->bucket != trail.bucket || chain->key_prefix != trail.key_prefix)) {
    return false;
  }
  const int64_t now = environment.clock.now_milliseconds();
  const bool time = is_time(now);
  const bool pressing = presses();
  if (!time && !pressing && !look_ && !may_be_full()) return false;
  // Of the requests answered so far all events are to be in it.
  TRY(environment.spool.flush());
  const EventRange range{record_.cursor(), environment.spool.settled()};
  auto content =
      TRY(read_log_file(environment.spool, environment.site, record_.sink(), range,
                        static_cast<size_t>(environment.settings.file_bytes_max), work_.stopped));
  if (!content) return false;
  note_look(*content);
  look_ = content->is_full;
  const bool is_due = time || pressing || content->is_full;
  if (content->events > 0 && !is_due) return false;
  if (time) delivered_milliseconds_ = now;
  note_delivery();
  if (content->events == 0) {
    if (content->end > record_.cursor()) TRY(record_.store(record_.state(), content->end));
    const bool was_drained = std::exchange(is_drained_, time && !trail.logging);
    return is_drained_ && !was_drained;
  }
  FilesState state = record_.state();
  state.log_file = plan_of(trail, *content, now);
  TRY(record_.store(std::move(state)));
  content_ = gzip(content->text);
  return true;
}

LogFilePlan LogFileDelivery::plan_of(const Trail& trail, const LogFileContent& content,
                                     int64_t now) const {
  const DeliveryEnvironment& environment = work_.environment;
  return {
      .bucket = trail.bucket,
      .key_prefix = trail.key_prefix,
      .object = log_file_object(environment.site, trail.key_prefix, now,
                                environment.random.text(kObjectRandomCharacters, kObjectAlphabet)),
      .end = content.end,
      .hash_value = hash_value(content.text),
      .oldest_event_milliseconds = content.oldest_event_milliseconds,
      .newest_event_milliseconds = content.newest_event_milliseconds};
}

Result<bool> LogFileDelivery::plan_anew() {
  FilesState state = record_.state();
  state.log_file.reset();
  TRY(record_.store(std::move(state)));
  content_.reset();
  backoff_.succeed();
  // It was due.
  delivered_milliseconds_ = 0;
  return true;
}

Result<bool> LogFileDelivery::upload(const Trail& trail, const LogFilePlan& plan) {
  const DeliveryEnvironment& environment = work_.environment;
  if (work_.stopped || !backoff_.is_over(environment.clock.now_milliseconds())) return false;
  if (!content_ && !TRY(restore_content(plan))) return !work_.stopped;
  const buckets::Object object{.name = plan.object,
                               .content = *content_,
                               .content_type = "application/json",
                               .content_encoding = "gzip",
                               .kms_key_id = trail.kms_key_id};
  const auto put = work_.buckets.put(plan.bucket, object);
  if (!put) return note_failure(plan, put.error());
  ++work_.counters.log_files;
  work_.counters.log_file_bytes += content_->size();
  uploaded_ = true;
  return true;
}

Result<bool> LogFileDelivery::restore_content(const LogFilePlan& plan) {
  auto content = TRY(read_log_file(work_.environment.spool, work_.environment.site, record_.sink(),
                                   {record_.cursor(), plan.end}, SIZE_MAX, work_.stopped));
  if (!content) return false;
  if (hash_value(content->text) != plan.hash_value) {
    log::warn("events of a log file are not what they were: it is made under another name",
              {{"object", plan.object}});
    TRY(plan_anew());
    return false;
  }
  content_ = gzip(content->text);
  return true;
}

Result<bool> LogFileDelivery::note_failure(const LogFilePlan& plan, const Error& error) {
  if (work_.stopped) return false;
  ++work_.counters.bucket_failures;
  const int64_t now = work_.environment.clock.now_milliseconds();
  backoff_.fail(now, work_.environment.random);
  FilesState state = record_.state();
  state.latest_attempt_milliseconds = now;
  const std::string code = delivery_error_code(error);
  if (state.latest_error != code) {
    log::warn("log file not delivered",
              {{"bucket", plan.bucket}, {"object", plan.object}, {"reason", error.message}});
  }
  state.latest_error = code;
  TRY(record_.store(std::move(state)));
  return false;
}

Result<bool> LogFileDelivery::note_upload(const LogFilePlan& plan) {
  const int64_t now = work_.environment.clock.now_milliseconds();
  FilesState state = record_.state();
  state.log_file.reset();
  state.latest_delivery_milliseconds = now;
  state.latest_attempt_milliseconds = now;
  state.latest_error.clear();
  std::vector<engine::Mutation> with;
  if (state.chain) {
    const DigestedLogFile log_file{.object = plan.object,
                                   .hash_value = plan.hash_value,
                                   .oldest_event_milliseconds = plan.oldest_event_milliseconds,
                                   .newest_event_milliseconds = plan.newest_event_milliseconds};
    with.push_back(record_.add_log_file(state, log_file));
  }
  TRY(record_.store(std::move(state), plan.end, std::move(with)));
  content_.reset();
  uploaded_ = false;
  backoff_.succeed();
  return true;
}

}  // namespace millrace::audit
