#include "triggers/lane.h"

#include <algorithm>

#include "base/check.h"
#include "base/log.h"

namespace millrace::triggers {
namespace {

using engine::LogPosition;
using std::chrono::milliseconds;

constexpr milliseconds kPauseMin{100};
constexpr milliseconds kPauseMax{30'000};
// Others end all the time.
constexpr milliseconds kThrottledPauseMax{1000};
// A window is over so long after its end: what was written just before it may come a moment late.
constexpr int64_t kWindowGraceMilliseconds = 1000;
// Progress without a batch, past records that the filters drop, is saved so long after it was made.
constexpr int64_t kSaveDelayMilliseconds = 1000;
// A batch waits so long for more to be found among records that the filters drop.
constexpr int64_t kReadOnMilliseconds = 50;

}  // namespace

Lane::Lane(MappingContextPointer context, Place place, LaneCheckpoint checkpoint,
           std::function<void()> on_end)
    : context_(std::move(context)),
      place_(std::move(place)),
      on_end_(std::move(on_end)),
      position_(checkpoint.position),
      window_(std::move(checkpoint.window)),
      read_to_(checkpoint.position),
      restored_spans_(std::move(checkpoint.spans)),
      saved_position_(checkpoint.position) {}

template <typename... Values>
std::function<void(Values...)> Lane::as_task(
    std::type_identity_t<std::function<void(Lane&, Values...)>> then) {
  Scheduler& scheduler = context_->environment.scheduler;
  return [weak = weak_from_this(), &scheduler, then = std::move(then)](Values... values) {
    scheduler.post([weak, then, values...] {
      if (const auto lane = weak.lock()) then(*lane, values...);
    });
  };
}

int64_t Lane::now_milliseconds() const {
  return context_->environment.database.clock.now_milliseconds();
}

void Lane::start() {
  as_task<>([](Lane& lane) { lane.step(); })();
}

void Lane::wake() {
  if (state_ == State::kPausing) {
    resume();
  } else {
    start();
  }
}

void Lane::end_before(LogPosition before) {
  before_ = before;
  start();
}

void Lane::stop() {
  stopping_ = true;
  if (state_ == State::kReady || state_ == State::kPausing) end(State::kStopped);
}

void Lane::end(State state) {
  cancel_timer();
  state_ = state;
  context_->environment.scheduler.post(on_end_);
}

void Lane::step() {
  if (state_ != State::kReady) return;
  cancel_timer();
  if (stopping_) return end(State::kStopped);
  if (undelivered_) return send_undelivered();
  // Read before the log and the stream are.
  const uint64_t changes = context_->environment.signal.changes();
  if (!restored_spans_.empty()) {
    const Status restored = restore_batches();
    if (!restored.ok()) return pause(restored.error().message.c_str());
  }
  if (batches_.empty()) {
    const auto shard_end = fill_buffer();
    if (!shard_end.ok()) return pause(shard_end.error().message.c_str());
    if (auto batch = take_batch(*shard_end)) {
      batches_.push_back(std::move(*batch));
    } else if (*shard_end == ShardEnd::kClosed) {
      return end(State::kEnded);
    } else if (*shard_end == ShardEnd::kMore) {
      return start();
    } else {
      return await_records(changes);
    }
  }
  work();
}

// What had failed or been split before the server stopped.
Status Lane::restore_batches() {
  std::deque<Batch> batches;
  LogPosition from = position_;
  for (const LaneCheckpoint::Span& span : restored_spans_) {
    Batch batch{{}, span.retries};
    while (from < span.end) {
      auto read = TRY(read_shard(context_->environment.database,
                                 {place_.source.stream_arn, place_.source.shard_id, place_.share,
                                  context_->filter, from, span.end, SIZE_MAX, SIZE_MAX}));
      std::ranges::move(read.records, std::back_inserter(batch.records));
      context_->counts.lost_records += static_cast<int64_t>(read.lost_positions);
      if (read.next == from) break;
      from = read.next;
    }
    from = span.end;
    if (!batch.records.empty()) batches.push_back(std::move(batch));
  }
  batches_ = std::move(batches);
  read_to_ = from;
  restored_spans_.clear();
  return Done{};
}

Result<ShardEnd> Lane::fill_buffer() {
  if (read_to_ >= before_) return ShardEnd::kClosed;
  const auto batch_size = static_cast<size_t>(mapping().batch_size);
  const size_t state_bytes = window_ ? window_->state.size() : 0;
  const size_t bytes_max = kEventBytesMax - kEventFrameBytes - state_bytes;
  const size_t bytes_left = bytes_max - std::min(buffer_bytes_, bytes_max);
  if (buffer_.size() >= batch_size) return ShardEnd::kFull;
  auto read = TRY(
      read_shard(context_->environment.database,
                 {place_.source.stream_arn, place_.source.shard_id, place_.share, context_->filter,
                  read_to_, before_, batch_size - buffer_.size(), bytes_left, buffer_.empty()}));
  if (buffer_.empty() && !read.records.empty()) buffered_since_milliseconds_ = now_milliseconds();
  for (EventRecord& record : read.records) {
    buffer_bytes_ += record.json.size() + 1;
    buffer_.push_back(std::move(record));
  }
  read_to_ = read.next;
  context_->counts.lost_records += static_cast<int64_t>(read.lost_positions);
  if (batches_.empty()) position_ = buffer_.empty() ? read_to_ : buffer_.front().position;
  if (read_to_ >= before_) return ShardEnd::kClosed;
  return buffer_.size() >= batch_size ? ShardEnd::kFull : read.end;
}

bool Lane::is_past(int64_t milliseconds) const {
  return now_milliseconds() >= milliseconds;
}

std::optional<Batch> Lane::take_batch(ShardEnd shard_end) {
  if (window_ || mapping().tumbling_window_seconds > 0) return take_window_batch(shard_end);
  return take_plain_batch(shard_end, buffer_.size());
}

// Of the first `count` records of the buffer, if they are to leave now.
std::optional<Batch> Lane::take_plain_batch(ShardEnd shard_end, size_t count) {
  if (count == 0) return std::nullopt;
  const int64_t due =
      buffered_since_milliseconds_ + mapping().maximum_batching_window_seconds * 1000;
  const bool is_complete =
      shard_end == ShardEnd::kFull || shard_end == ShardEnd::kClosed || count < buffer_.size();
  // What can be read at once still goes along.
  const int64_t patience = shard_end == ShardEnd::kMore ? kReadOnMilliseconds : 0;
  if (!is_complete && !is_past(due + patience)) return std::nullopt;
  return take_records(count);
}

std::optional<Batch> Lane::take_window_batch(ShardEnd shard_end) {
  if (!window_ && !buffer_.empty()) {
    window_ = window_at(buffer_.front().created_milliseconds, mapping().tumbling_window_seconds);
  }
  if (!window_) return std::nullopt;
  if (window_->terminated_early) return Batch{};
  const auto beyond = std::ranges::find_if(buffer_, [&](const EventRecord& record) {
    return record.created_milliseconds >= window_->end_milliseconds;
  });
  const auto count = static_cast<size_t>(beyond - buffer_.begin());
  const bool time_is_over = is_past(window_->end_milliseconds + kWindowGraceMilliseconds);
  if (count > 0) {
    return take_plain_batch(time_is_over ? ShardEnd::kClosed : shard_end, count);
  }
  const bool is_over = beyond != buffer_.end() || shard_end == ShardEnd::kClosed ||
                       (time_is_over && shard_end == ShardEnd::kCaughtUp);
  if (!is_over) return std::nullopt;
  return Batch{};
}

Batch Lane::take_records(size_t count) {
  Batch batch;
  for (size_t i = 0; i < count; ++i) {
    buffer_bytes_ -= buffer_.front().json.size() + 1;
    batch.records.push_back(std::move(buffer_.front()));
    buffer_.pop_front();
  }
  buffered_since_milliseconds_ = now_milliseconds();
  return batch;
}

// When something is to be done though no record comes.
std::optional<int64_t> Lane::next_look_milliseconds() const {
  std::optional<int64_t> next;
  auto note = [&](int64_t at) { next = std::min(next.value_or(at), at); };
  if (!buffer_.empty()) {
    note(buffered_since_milliseconds_ + mapping().maximum_batching_window_seconds * 1000);
  }
  if (window_) note(window_->end_milliseconds + kWindowGraceMilliseconds);
  if (unsaved_since_milliseconds_) note(*unsaved_since_milliseconds_ + kSaveDelayMilliseconds);
  return next;
}

void Lane::await_records(uint64_t seen_changes) {
  if (position_ == saved_position_) {
    unsaved_since_milliseconds_.reset();
  } else if (!unsaved_since_milliseconds_) {
    unsaved_since_milliseconds_ = now_milliseconds();
  } else if (is_past(*unsaved_since_milliseconds_ + kSaveDelayMilliseconds)) {
    return save(false);
  }
  if (const auto look = next_look_milliseconds()) {
    set_timer(milliseconds(std::max<int64_t>(*look - now_milliseconds(), 1)), &Lane::step);
  }
  if (waiting_for_records_) return;
  waiting_for_records_ = true;
  context_->environment.signal.wait(place_.partition, read_to_, seen_changes,
                                    as_task<>([](Lane& lane) {
                                      lane.waiting_for_records_ = false;
                                      lane.step();
                                    }));
}

void Lane::work() {
  MILLRACE_CHECK(!batches_.empty());
  if (has_spent_attempts()) return give_up(FailureCondition::kRetryAttemptsExhausted);
  if (!give_up_old_records()) invoke();
}

// Records are in the order of their times: those that are too old come first.
bool Lane::give_up_old_records() {
  const int64_t age_seconds_max = mapping().maximum_record_age_seconds;
  if (age_seconds_max < 0) return false;
  const int64_t horizon = now_milliseconds() - age_seconds_max * 1000;
  const auto& records = batches_.front().records;
  const auto young = std::ranges::find_if(
      records, [&](const EventRecord& record) { return record.created_milliseconds >= horizon; });
  const auto old = static_cast<size_t>(young - records.begin());
  if (old == 0) return false;
  if (old < records.size()) split_front(old);
  give_up(FailureCondition::kRecordAgeExceeded);
  return true;
}

void Lane::split_front(size_t at) {
  Batch rest = split_off(batches_.front(), at);
  batches_.insert(batches_.begin() + 1, std::move(rest));
}

void Lane::invoke() {
  state_ = State::kBusy;
  if (failures_in_a_row_ > 0) ++context_->counts.retries;
  functions::InvokeRequest request;
  request.function = mapping().function_arn;
  request.payload = event_of(batches_.front(), place_.source, window_ ? &*window_ : nullptr);
  context_->environment.invoker.invoke(
      std::move(request), as_task<Result<functions::InvokeAnswer>>(
                              [](Lane& lane, const Result<functions::InvokeAnswer>& answer) {
                                lane.on_answer(answer);
                              }));
}

void Lane::on_answer(const Result<functions::InvokeAnswer>& answer) {
  Batch& batch = batches_.front();
  BatchResult result = read_answer(answer, batch, mapping(), window_.has_value());
  context_->last_result->set(result.problem.empty() ? "OK" : result.problem);
  const bool too_large = result.outcome == BatchOutcome::kTooLarge;
  if (too_large && batch.records.size() > 1) {
    split_front(batch.records.size() / 2);
    return save(false);
  }
  const bool throttled = result.outcome == BatchOutcome::kThrottled;
  if (throttled || result.outcome == BatchOutcome::kRefused) {
    ++context_->counts.failures;
    return pause(result.problem.c_str(), throttled ? kThrottledPauseMax : kPauseMax);
  }
  if (result.outcome == BatchOutcome::kDone && result.first_failed != size_t{0}) {
    return on_done(std::move(result), answer);
  }
  on_failure(answer);
}

// Of the whole batch, or of the records before the first that failed.
void Lane::on_done(BatchResult result, const Result<functions::InvokeAnswer>& answer) {
  const bool ended_window = batches_.front().ends_window();
  ++context_->counts.batches;
  if (ended_window) {
    window_.reset();
  } else if (result.state && result.state->size() > kWindowStateBytesMax) {
    window_->terminated_early = true;
  } else if (result.state) {
    window_->state = std::move(*result.state);
  }
  if (!result.first_failed) {
    failures_in_a_row_ = 0;
    finish_front(batches_.front().records.size());
    return save(false);
  }
  ++context_->counts.failures;
  failures_in_a_row_ = 0;
  split_front(*result.first_failed);
  finish_front(batches_.front().records.size());
  // A split there: the rest has as many attempts as it had.
  if (mapping().bisect_batch_on_function_error) return save(true);
  spend_attempt(answer);
}

void Lane::on_failure(const Result<functions::InvokeAnswer>& answer) {
  Batch& batch = batches_.front();
  ++context_->counts.failures;
  if (mapping().bisect_batch_on_function_error && batch.records.size() > 1) {
    failures_in_a_row_ = 0;
    split_front(batch.records.size() / 2);
    return save(true);
  }
  spend_attempt(answer);
}

void Lane::spend_attempt(const Result<functions::InvokeAnswer>& answer) {
  ++batches_.front().retries;
  last_answer_.reset();
  if (answer.ok()) last_answer_ = *answer;
  save(!has_spent_attempts());
}

bool Lane::has_spent_attempts() const {
  const int64_t retries_max = mapping().maximum_retry_attempts;
  return retries_max >= 0 && batches_.front().retries > retries_max;
}

// The front batch, to its destination if the mapping has one.
void Lane::give_up(FailureCondition condition) {
  log::warn("a trigger gave up records",
            {{"mapping", mapping().uuid},
             {"shard", place_.source.shard_id},
             {"records", std::to_string(batches_.front().records.size())},
             {"condition", std::string(failure_condition_name(condition))}});
  if (mapping().on_failure_destination.empty()) return discard_front();
  undelivered_ = failed_front(condition);
  send_undelivered();
}

FailedBatch Lane::failed_front(FailureCondition condition) const {
  const Batch& batch = batches_.front();
  FailedBatch failed;
  failed.mapping_uuid = mapping().uuid;
  failed.function_arn = mapping().function_arn;
  failed.condition = condition;
  failed.approximate_invoke_count = batch.retries;
  failed.failed_milliseconds = now_milliseconds();
  if (condition == FailureCondition::kRetryAttemptsExhausted) failed.response.emplace();
  if (failed.response && last_answer_) {
    failed.request_id = last_answer_->request_id;
    failed.response->executed_version = last_answer_->executed_version;
    failed.response->function_error = last_answer_->function_error;
  }
  describe(batch, place_.source, window_ ? &*window_ : nullptr, failed);
  return failed;
}

// Again and again: records are not given up before their destination has them.
void Lane::send_undelivered() {
  if (mapping().on_failure_destination.empty()) return discard_front();
  state_ = State::kBusy;
  context_->environment.destinations.send(
      mapping().on_failure_destination, *undelivered_,
      as_task<Status>([](Lane& lane, const Status& sent) {
        if (sent.ok()) return lane.discard_front();
        lane.context_->last_result->set("PROBLEM: The OnFailure destination could not be reached");
        lane.pause(sent.error().message.c_str());
      }));
}

void Lane::discard_front() {
  undelivered_.reset();
  const Batch& batch = batches_.front();
  context_->counts.discarded_records += static_cast<int64_t>(batch.records.size());
  if (batch.ends_window()) window_.reset();
  failures_in_a_row_ = 0;
  finish_front(0);
  save(false);
}

// The front batch is over; `records` of it were worked off.
void Lane::finish_front(size_t records) {
  const Batch& batch = batches_.front();
  context_->counts.records += static_cast<int64_t>(records);
  if (records > 0) {
    context_->counts.iterator_age_milliseconds =
        std::max<int64_t>(now_milliseconds() - batch.records.back().created_milliseconds, 0);
  }
  batches_.pop_front();
  if (!batches_.empty() && !batches_.front().records.empty()) {
    position_ = batches_.front().records.front().position;
  } else {
    position_ = buffer_.empty() ? read_to_ : buffer_.front().position;
  }
}

void Lane::save(bool then_pause) {
  state_ = State::kBusy;
  LaneCheckpoint checkpoint{position_, window_};
  for (const Batch& batch : batches_) {
    if (batch.records.empty()) continue;
    checkpoint.spans.push_back({batch.records.back().position + 1, batch.retries});
  }
  engine::PartitionCommit commit{catalog::kTriggersPartition, {}, {}};
  const std::string& uuid = mapping().uuid;
  commit.mutations.push_back(put_shard(uuid, place_.source.shard_id, place_.shard));
  commit.mutations.push_back(
      put_lane(uuid, place_.source.shard_id, place_.share.index, checkpoint));
  context_->environment.database.engine.commit(
      {std::move(commit)},
      as_task<Status>([position = position_, then_pause](Lane& lane, const Status& status) {
        lane.on_saved(status, position, then_pause);
      }));
}

void Lane::on_saved(const Status& status, LogPosition position, bool then_pause) {
  if (!status.ok()) {
    log::error("a trigger's checkpoint could not be stored",
               {{"mapping", mapping().uuid}, {"reason", status.error().message}});
    return pause("the checkpoint could not be stored");
  }
  saved_position_ = position;
  unsaved_since_milliseconds_.reset();
  if (then_pause) return pause("the function failed");
  state_ = State::kReady;
  step();
}

void Lane::pause(const char* reason) {
  pause(reason, kPauseMax);
}

void Lane::pause(const char* reason, milliseconds length_max) {
  log::debug("a trigger pauses", {{"mapping", mapping().uuid}, {"reason", reason}});
  if (stopping_) return end(State::kStopped);
  state_ = State::kPausing;
  set_timer(std::min(pause_length(), length_max), &Lane::resume);
  ++failures_in_a_row_;
}

// Doubles with every failure, but not beyond the moment at which a record becomes too old.
milliseconds Lane::pause_length() const {
  const int64_t doublings = std::min<int64_t>(failures_in_a_row_, 20);
  milliseconds length = std::min(kPauseMin * (int64_t{1} << doublings), kPauseMax);
  const int64_t age_seconds_max = mapping().maximum_record_age_seconds;
  if (age_seconds_max >= 0 && !batches_.empty() && !batches_.front().records.empty()) {
    const int64_t too_old =
        batches_.front().records.front().created_milliseconds + age_seconds_max * 1000 + 1;
    length = std::min(length, milliseconds(std::max<int64_t>(too_old - now_milliseconds(), 1)));
  }
  return length;
}

void Lane::resume() {
  cancel_timer();
  state_ = State::kReady;
  step();
}

void Lane::set_timer(milliseconds delay, void (Lane::*then)()) {
  cancel_timer();
  timer_ = context_->environment.scheduler.after(delay, [weak = weak_from_this(), then] {
    const auto lane = weak.lock();
    if (!lane) return;
    lane->timer_.reset();
    (*lane.*then)();
  });
}

void Lane::cancel_timer() {
  if (timer_) context_->environment.scheduler.cancel(*timer_);
  timer_.reset();
}

}  // namespace millrace::triggers
