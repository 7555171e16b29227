#include "audit/spool.h"

#include <fmt/format.h>

#include "audit/event_encoding.h"
#include "audit/spool_keys.h"
#include "base/log.h"
#include "base/uuid.h"

namespace millrace::audit {
namespace {

using std::chrono::steady_clock;

// How long an event may wait for others to be written with it.
constexpr std::chrono::milliseconds kWriteInterval(250);
// What is written at once, and as one block.
constexpr size_t kBlockBytes = 256 * 1024;
// Of what waits in memory for a disk that does not keep up.
constexpr size_t kBufferBytesMax = 64 * 1024 * 1024;
constexpr uint64_t kSegmentBytes = 1024 * 1024;

constexpr std::string_view kEventSource = "cloudtrail.amazonaws.com";

Bytes encode(const Event& event) {
  Bytes encoded;
  append_encoded_event(encoded, event);
  return encoded;
}

}  // namespace

Spool::Spool(engine::Engine& engine, const Clock& clock, Random& random, const Coverage& coverage,
             const AuditSettings& settings)
    : engine_(engine),
      clock_(clock),
      random_(random),
      coverage_(coverage),
      settings_(settings),
      trimmed_at_(steady_clock::now()) {}

Result<std::shared_ptr<Spool>> Spool::open(engine::Engine& engine, const Clock& clock,
                                           Random& random, const Coverage& coverage,
                                           const AuditSettings& settings) {
  std::shared_ptr<Spool> spool(new Spool(engine, clock, random, coverage, settings));
  TRY(spool->load());
  spool->thread_ = std::thread([&running = *spool] { running.run(); });
  return spool;
}

Spool::~Spool() {
  stop();
}

Status Spool::load() {
  TRY(engine_.scan(catalog::kAuditPartition, cursor_keys(), engine::Direction::kForward,
                   [&](ByteView key, ByteView value) {
                     const EventNumber number = decode_cursor(value);
                     cursors_[consumer_of(key)] = number;
                     next_number_ = std::max(next_number_, number);
                     return true;
                   }));
  return engine_.scan(catalog::kAuditPartition, block_keys(0, UINT64_MAX),
                      engine::Direction::kForward, [&](ByteView key, ByteView value) {
                        next_number_ = std::max(next_number_, number_of(key));
                        uint64_t count = 0;
                        if (!decode_block(value, [&](const Event&) { return ++count > 0; })) {
                          count = value.size();  // there cannot have been more
                        }
                        (void)take_numbers(count);
                        count_bytes(value.size());
                        return true;
                      });
}

// --- numbers and bytes, with mutex_ held ---

EventNumber Spool::take_numbers(uint64_t count) {
  if (segments_.empty() || segments_.rbegin()->second >= kSegmentBytes) segments_[next_number_] = 0;
  return std::exchange(next_number_, next_number_ + count);
}

// All numbers so far are below the segments to come.
void Spool::count_bytes(uint64_t bytes) {
  if (segments_.empty()) segments_[next_number_] = 0;
  segments_.rbegin()->second += bytes;
  stored_bytes_ += bytes;
}

bool Spool::is_full() const {
  return buffer_.bytes >= kBufferBytesMax ||
         stored_bytes_ + buffer_.bytes >= static_cast<uint64_t>(settings_.spool_bytes_max);
}

bool Spool::drops() const {
  std::lock_guard lock(mutex_);
  return stopping_ || (settings_.when_full == WhenFull::kDrop && is_full());
}

// Room comes when events are erased, and when they are written: they are smaller then.
void Spool::note_space() {
  if (is_full() || (!blocks_ && gap_.events == 0)) return;
  blocks_ = false;
  wake_.notify_one();
}

EventNumber Spool::settled_locked() const {
  return unsettled_.empty() ? next_number_ : *unsettled_.begin();
}

// --- recording ---

bool Spool::append(const Event& event) {
  const Bytes encoded = encode(event);
  std::lock_guard lock(mutex_);
  return keep(event, encoded, nullptr);
}

void Spool::append(const Event& event, const std::function<void(Status)>& done) {
  {
    const Bytes encoded = encode(event);
    std::lock_guard lock(mutex_);
    if (keep(event, encoded, done)) return;
  }
  done(Done{});
}

bool Spool::keep(const Event& event, ByteView encoded, Callback done) {
  const bool full = is_full();
  if (stopping_ || (settings_.when_full == WhenFull::kDrop && full)) {
    drop(event);
    return false;
  }
  if (full && !lets_all_go_) blocks_ = true;
  const bool was_empty = buffer_.blocks.empty();
  if (was_empty || buffer_.blocks.back().events.size() >= kBlockBytes) {
    buffer_.blocks.emplace_back();
  }
  Buffer::Block& block = buffer_.blocks.back();
  block.events += encoded;
  ++block.count;
  buffer_.bytes += encoded.size();
  recorded_bytes_ += encoded.size();
  ++statistics_.recorded_events;
  if (done) buffer_.done.push_back(std::move(done));
  if (!buffered_since_) buffered_since_ = steady_clock::now();
  hurry_ = hurry_ || !buffer_.done.empty();
  if (hurry_ || was_empty || buffer_.bytes >= kBlockBytes) wake_.notify_one();
  return true;
}

void Spool::drop(const Event& event) {
  ++statistics_.dropped_events;
  if (gap_.events++ == 0) gap_.first_milliseconds = event.time_milliseconds;
  gap_.last_milliseconds = event.time_milliseconds;
  gap_.sinks.insert(event.sinks.begin(), event.sinks.end());
}

EventNumber Spool::reserve() {
  std::lock_guard lock(mutex_);
  const EventNumber number = take_numbers(1);
  unsettled_.insert(number);
  return number;
}

engine::PartitionCommit Spool::commit_of(EventNumber number, const Event& event) {
  engine::PartitionCommit commit{catalog::kAuditPartition, {}, {}};
  commit.mutations.emplace_back(engine::Put{block_key(number), encode_block(encode(event))});
  return commit;
}

void Spool::settle(EventNumber number, uint64_t bytes) {
  std::lock_guard lock(mutex_);
  unsettled_.erase(number);
  count_bytes(bytes);
  recorded_bytes_ += bytes;
  if (bytes > 0) ++statistics_.recorded_events;
  if (is_full() && settings_.when_full == WhenFull::kBlock && !lets_all_go_) blocks_ = true;
}

void Spool::replace(EventNumber number, const Event& event, std::function<void(Status)> done) {
  auto commit = commit_of(number, event);
  const uint64_t bytes = commit_bytes(commit);
  std::vector<engine::PartitionCommit> commits;
  commits.push_back(std::move(commit));
  engine_.commit(std::move(commits), [self = shared_from_this(), number, bytes,
                                      done = std::move(done)](const Status& status) {
    self->settle(number, status.ok() ? bytes : 0);
    done(status);
  });
}

void Spool::when_free(std::function<void()> go) {
  {
    std::lock_guard lock(mutex_);
    if (blocks_) {
      waiting_requests_.push_back(std::move(go));
      return;
    }
  }
  go();
}

// --- the thread ---

void Spool::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto is_due = [&] {
      return stopping_ || hurry_ || buffer_.bytes >= kBlockBytes ||
             (!blocks_ && !waiting_requests_.empty()) || (gap_.events > 0 && !is_full());
    };
    if (buffered_since_) {
      wake_.wait_until(lock, *buffered_since_ + kWriteInterval, is_due);
    } else {
      wake_.wait(lock, [&] { return is_due() || buffered_since_.has_value(); });
    }
    tell_of_gap();
    const bool is_time =
        buffered_since_ && steady_clock::now() >= *buffered_since_ + kWriteInterval;
    auto free = take_free();
    const bool stops = stopping_;
    Buffer buffer;
    if (!buffer_.blocks.empty() && (is_due() || is_time)) {
      buffer = std::exchange(buffer_, {});
      buffered_since_.reset();
      hurry_ = false;
      ++buffers_taken_;
    } else if (buffer_.blocks.empty()) {
      hurry_ = false;
    }
    lock.unlock();
    for (const auto& go : free) go();
    if (!buffer.blocks.empty()) write(std::move(buffer));
    lock.lock();
    if (stops && buffer_.blocks.empty()) return;
  }
}

// Waits for the commit, so that only one is under way and the next takes all that has come since.
void Spool::write(Buffer buffer) {
  engine::PartitionCommit commit{catalog::kAuditPartition, {}, {}};
  EventNumber first = 0;
  {
    std::lock_guard lock(mutex_);
    for (const Buffer::Block& block : buffer.blocks) {
      const EventNumber number = take_numbers(block.count);
      if (first == 0) unsettled_.insert(first = number);
      commit.mutations.emplace_back(engine::Put{block_key(number), {}});
    }
  }
  for (size_t i = 0; i < buffer.blocks.size(); ++i) {
    std::get<engine::Put>(commit.mutations[i]).value = encode_block(buffer.blocks[i].events);
  }
  const uint64_t bytes = commit_bytes(commit);
  std::vector<engine::PartitionCommit> commits;
  commits.push_back(std::move(commit));
  engine_.commit(std::move(commits), [self = shared_from_this(), first, bytes,
                                      done = std::move(buffer.done)](const Status& status) {
    self->end_write(first, bytes, status);
    for (const auto& call : done) call(status);
  });
  std::unique_lock lock(mutex_);
  written_.wait(lock, [&] { return buffers_written_ == buffers_taken_; });
}

void Spool::end_write(EventNumber number, uint64_t bytes, const Status& status) {
  if (!status.ok()) {
    log::error("events of the audit trail were not written", {{"reason", status.error().message}});
  }
  std::lock_guard lock(mutex_);
  unsettled_.erase(number);
  if (status.ok()) count_bytes(bytes);
  note_space();
  last_write_ = status;
  ++buffers_written_;
  written_.notify_all();
}

std::vector<std::function<void()>> Spool::take_free() {
  if (blocks_) return {};
  return std::exchange(waiting_requests_, {});
}

Status Spool::flush() {
  std::unique_lock lock(mutex_);
  const uint64_t wanted = buffers_taken_ + (buffer_.blocks.empty() ? 0 : 1);
  if (!buffer_.blocks.empty()) hurry_ = true;
  wake_.notify_one();
  written_.wait(lock, [&] { return buffers_written_ >= wanted; });
  return last_write_;
}

void Spool::stop_waiting() {
  std::lock_guard lock(mutex_);
  lets_all_go_ = true;
  blocks_ = false;
  wake_.notify_one();
}

void Spool::stop() {
  stop_waiting();
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

// --- what the trail is told of itself ---

Event Spool::service_event(std::string_view name, std::string details,
                           std::vector<SinkId> sinks) const {
  Event event;
  event.time_milliseconds = clock_.now_milliseconds();
  event.event_id = new_uuid(random_);
  event.event_source = kEventSource;
  event.event_name = name;
  event.service_event_details_json = std::move(details);
  event.sinks = std::move(sinks);
  return event;
}

void Spool::keep_own(const Event& event) {
  (void)keep(event, encode(event), nullptr);
}

void Spool::tell_of_gap() {
  if (gap_.events == 0 || is_full() || stopping_) return;
  const Gap gap = std::exchange(gap_, {});
  const std::string details = fmt::format(
      R"({{"reason":"the spool was full","droppedEvents":{},"firstDroppedTime":{},"lastDroppedTime":{}}})",
      gap.events, gap.first_milliseconds, gap.last_milliseconds);
  keep_own(service_event("EventsDropped", details, {gap.sinks.begin(), gap.sinks.end()}));
}

void Spool::tell_of_damage(EventNumber block) {
  std::lock_guard lock(mutex_);
  if (!damaged_.insert(block).second) return;
  ++statistics_.damaged_blocks;
  log::error("a block of the audit trail's events is damaged", {{"block", std::to_string(block)}});
  const std::string details =
      fmt::format(R"({{"reason":"stored events are damaged","firstEvent":{}}})", block);
  keep_own(service_event("EventsDamaged", details, coverage_.all_sinks()));
}

bool Spool::is_filling() const {
  std::lock_guard lock(mutex_);
  return stored_bytes_ > static_cast<uint64_t>(settings_.spool_bytes_max) / 2;
}

uint64_t Spool::recorded_bytes() const {
  std::lock_guard lock(mutex_);
  return recorded_bytes_;
}

SpoolStatistics Spool::statistics() const {
  std::lock_guard lock(mutex_);
  SpoolStatistics statistics = statistics_;
  statistics.bytes = stored_bytes_ + buffer_.bytes;
  return statistics;
}

}  // namespace millrace::audit
