// One lane of a mapping's shard: takes its records off the log in order, makes batches of them, has
// the function called with each, and goes on when a batch is worked off and that is durable.
//
// At any time there is one thing under way: an invocation, a commit of the checkpoint, a delivery
// to the failure destination, a wait for records or for a time. So a crash repeats one batch at
// most.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

#include "triggers/checkpoint.h"
#include "triggers/function_answer.h"
#include "triggers/mapping_context.h"

namespace millrace::triggers {

// For tasks of the scheduler only.
class Lane : public std::enable_shared_from_this<Lane> {
 public:
  struct Place {
    EventSource source;
    engine::PartitionId partition = 0;
    LaneShare share;
    ShardCheckpoint shard;  // as it is stored beside the lane's checkpoints
  };

  // `on_end` is posted once, when the lane has ended or was stopped.
  Lane(MappingContextPointer context, Place place, LaneCheckpoint checkpoint,
       std::function<void()> on_end);

  void start();
  // The mapping has changed: looks again at once instead of after a pause.
  void wake();
  // Leaves what is at `before` or above, and ends there.
  void end_before(engine::LogPosition before);
  // Begins nothing new. What is under way is completed.
  void stop();

  // All records of the shard, or of what end_before() left of it, are worked off.
  [[nodiscard]] bool has_ended() const { return state_ == State::kEnded; }
  [[nodiscard]] bool is_stopped() const { return state_ == State::kStopped; }
  // The lane's records below are worked off.
  [[nodiscard]] engine::LogPosition position() const { return position_; }
  // It has read its records below.
  [[nodiscard]] engine::LogPosition read_to() const { return read_to_; }

 private:
  enum class State {
    kReady,
    kBusy,     // until a callback comes
    kPausing,  // until a timer, after a failure
    kEnded,
    kStopped,
  };

  void step();
  void end(State state);

  // Making batches.
  Status restore_batches();
  Result<ShardEnd> fill_buffer();
  [[nodiscard]] std::optional<Batch> take_batch(ShardEnd shard_end);
  [[nodiscard]] std::optional<Batch> take_window_batch(ShardEnd shard_end);
  [[nodiscard]] std::optional<Batch> take_plain_batch(ShardEnd shard_end, size_t count);
  [[nodiscard]] Batch take_records(size_t count);
  [[nodiscard]] bool is_past(int64_t milliseconds) const;
  void await_records(uint64_t seen_changes);
  [[nodiscard]] std::optional<int64_t> next_look_milliseconds() const;

  // Working them off.
  void work();
  bool give_up_old_records();
  void invoke();
  void on_answer(const Result<functions::InvokeAnswer>& answer);
  void on_done(BatchResult result, const Result<functions::InvokeAnswer>& answer);
  void on_failure(const Result<functions::InvokeAnswer>& answer);
  void split_front(size_t at);
  void spend_attempt(const Result<functions::InvokeAnswer>& answer);
  [[nodiscard]] bool has_spent_attempts() const;
  void give_up(FailureCondition condition);
  [[nodiscard]] FailedBatch failed_front(FailureCondition condition) const;
  void send_undelivered();
  void discard_front();
  void finish_front(size_t records);

  void save(bool then_pause);
  void on_saved(const Status& status, engine::LogPosition position, bool then_pause);
  void pause(const char* reason);
  void pause(const char* reason, std::chrono::milliseconds length_max);
  [[nodiscard]] std::chrono::milliseconds pause_length() const;
  void resume();
  void set_timer(std::chrono::milliseconds delay, void (Lane::*then)());
  void cancel_timer();
  // A callback for any thread, which runs `then` as a task while the lane is there.
  template <typename... Values>
  std::function<void(Values...)> as_task(
      std::type_identity_t<std::function<void(Lane&, Values...)>> then);

  [[nodiscard]] const Mapping& mapping() const { return *context_->mapping; }
  [[nodiscard]] int64_t now_milliseconds() const;

  const MappingContextPointer context_;
  const Place place_;
  const std::function<void()> on_end_;

  State state_ = State::kReady;
  bool stopping_ = false;
  bool waiting_for_records_ = false;
  std::optional<Scheduler::TimerId> timer_;
  int64_t failures_in_a_row_ = 0;

  // Records in order: those of batches_, then those of buffer_, then what is not read yet.
  engine::LogPosition position_;
  std::optional<Window> window_;
  std::deque<Batch> batches_;
  std::deque<EventRecord> buffer_;
  size_t buffer_bytes_ = 0;
  int64_t buffered_since_milliseconds_ = 0;
  engine::LogPosition read_to_;
  engine::LogPosition before_ = UINT64_MAX;

  std::optional<functions::InvokeAnswer> last_answer_;  // to the front batch, which failed
  std::optional<FailedBatch> undelivered_;              // the front batch, given up

  std::vector<LaneCheckpoint::Span> restored_spans_;
  engine::LogPosition saved_position_;
  std::optional<int64_t> unsaved_since_milliseconds_;
};

}  // namespace millrace::triggers
