#include <algorithm>
#include <future>

#include "audit/event_encoding.h"
#include "audit/spool.h"
#include "audit/spool_keys.h"

namespace millrace::audit {
namespace {

using std::chrono::steady_clock;

// An erased range costs every later read a little: so seldom, and much at once.
constexpr uint64_t kTrimBytes = 16 * 1024 * 1024;
constexpr std::chrono::seconds kTrimInterval(60);

Status commit_and_wait(engine::Engine& engine, std::vector<engine::Mutation> mutations) {
  engine::PartitionCommit commit{catalog::kAuditPartition, std::move(mutations), {}};
  std::vector<engine::PartitionCommit> commits;
  commits.push_back(std::move(commit));
  auto promise = std::make_shared<std::promise<Status>>();
  auto committed = promise->get_future();
  engine.commit(std::move(commits),
                [promise](Status status) { promise->set_value(std::move(status)); });
  return committed.get();
}

}  // namespace

EventNumber Spool::settled() const {
  std::lock_guard lock(mutex_);
  return settled_locked();
}

Status Spool::visit(EventNumber from, const Visitor& visit) {
  const EventNumber end = settled();
  if (from >= end) return Done{};
  // The block that `from` is in begins with it or below.
  EventNumber first = from;
  TRY(engine_.scan(catalog::kAuditPartition, block_keys(0, from + 1), engine::Direction::kBackward,
                   [&](ByteView key, ByteView) {
                     first = number_of(key);
                     return false;
                   }));
  return engine_.scan(catalog::kAuditPartition, block_keys(first, end), engine::Direction::kForward,
                      [&](ByteView key, ByteView value) {
                        EventNumber number = number_of(key);
                        bool more = true;
                        const bool whole = decode_block(value, [&](const Event& event) {
                          if (number >= from) more = visit(number, event);
                          ++number;
                          return more;
                        });
                        if (!whole) tell_of_damage(number);
                        return more;
                      });
}

Result<EventNumber> Spool::cursor(const std::string& consumer) {
  EventNumber first = 0;
  {
    std::lock_guard lock(mutex_);
    const auto found = cursors_.find(consumer);
    if (found != cursors_.end()) return found->second;
    first = settled_locked();
    // Counts from now on: nothing above it is erased while it becomes durable.
    cursors_[consumer] = first;
  }
  TRY(advance(consumer, first));
  return first;
}

Status Spool::advance(const std::string& consumer, EventNumber next,
                      std::vector<engine::Mutation> with) {
  with.emplace_back(engine::Put{cursor_key(consumer), encode_cursor(next)});
  {
    std::lock_guard lock(mutex_);
    EventNumber lowest = next;
    for (const auto& [name, cursor] : cursors_) {
      if (name != consumer) lowest = std::min(lowest, cursor);
    }
    trim(lowest, with);
  }
  TRY(commit_and_wait(engine_, std::move(with)));
  std::lock_guard lock(mutex_);
  cursors_[consumer] = next;
  return Done{};
}

Status Spool::remove(const std::string& consumer) {
  std::vector<engine::Mutation> mutations;
  mutations.emplace_back(engine::Erase{cursor_key(consumer)});
  TRY(commit_and_wait(engine_, std::move(mutations)));
  std::lock_guard lock(mutex_);
  cursors_.erase(consumer);
  return Done{};
}

// Erases whole segments: only where they begin does a block surely begin.
void Spool::trim(EventNumber lowest_cursor, std::vector<engine::Mutation>& mutations) {
  const bool all = lowest_cursor >= next_number_ && unsettled_.empty();
  auto kept = segments_.end();
  if (!all) {
    kept = segments_.upper_bound(lowest_cursor);
    if (kept != segments_.begin()) --kept;
  }
  uint64_t bytes = 0;
  for (auto segment = segments_.begin(); segment != kept; ++segment) bytes += segment->second;
  const auto now = steady_clock::now();
  const uint64_t enough =
      std::min(kTrimBytes, static_cast<uint64_t>(settings_.spool_bytes_max) / 8);
  const bool is_due = bytes >= enough || now >= trimmed_at_ + kTrimInterval || is_full();
  if (bytes == 0 || !is_due) return;
  const EventNumber end = kept == segments_.end() ? next_number_ : kept->first;
  mutations.emplace_back(engine::EraseRange{block_key(segments_.begin()->first), block_key(end)});
  segments_.erase(segments_.begin(), kept);
  stored_bytes_ -= bytes;
  trimmed_at_ = now;
  note_space();
}

}  // namespace millrace::audit
