#include <atomic>

#include "audit/trail.h"
#include "audit/trail_encoding.h"
#include "catalog/catalog.h"

namespace millrace::audit {
namespace {

using catalog::kAuditPartition;

constexpr std::string_view kKeyPrefix = "t/";
constexpr std::string_view kAfterKeyPrefix = "t0";

Bytes key_of(std::string_view name) {
  return Bytes(kKeyPrefix) + Bytes(name);
}

engine::Mutation mutation_of(const std::string& name, const TrailPointer& now) {
  if (!now) return engine::Erase{key_of(name)};
  return engine::Put{key_of(name), write_trail(*now)};
}

bool is_same(const TrailPointer& before, const TrailPointer& now) {
  return before == now || (before && now && *before == *now);
}

}  // namespace

Result<std::unique_ptr<TrailStore>> TrailStore::open(engine::Engine& engine, Coverage& coverage) {
  std::unique_ptr<TrailStore> store(new TrailStore(engine, coverage));
  TRY(store->load());
  return store;
}

TrailStore::~TrailStore() {
  std::unique_lock lock(pending_mutex_);
  quiet_.wait(lock, [this] { return !changing_; });
}

Status TrailStore::load() {
  Status read = Done{};
  const engine::KeyRange range{Bytes(kKeyPrefix), Bytes(kAfterKeyPrefix)};
  TRY(engine_.scan(kAuditPartition, range, engine::Direction::kForward,
                   [&](ByteView key, ByteView value) {
                     auto trail = read_trail(value);
                     if (trail && key_of(trail->name) != key) {
                       trail = internal_error("a trail is stored in the wrong place");
                     }
                     if (!trail) {
                       read = trail.error();
                       return false;
                     }
                     auto pointer = std::make_shared<const Trail>(*std::move(trail));
                     trails_[pointer->name] = pointer;
                     return true;
                   }));
  TRY(std::move(read));
  for (const auto& [name, trail] : trails_) cover(*trail);
  return Done{};
}

std::vector<TrailPointer> TrailStore::trails() const {
  const std::shared_lock lock(mutex_);
  std::vector<TrailPointer> all;
  for (const auto& [name, trail] : trails_) all.push_back(trail);
  return all;
}

TrailPointer TrailStore::find(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto found = trails_.find(name);
  return found == trails_.end() ? nullptr : found->second;
}

TrailPointer TrailStore::find(SinkId sink) const {
  const std::shared_lock lock(mutex_);
  for (const auto& [name, trail] : trails_) {
    if (trail->sink == sink) return trail;
  }
  return nullptr;
}

void TrailStore::set_listener(std::function<void()> listener) {
  listener_ = std::move(listener);
}

void TrailStore::change(const std::string& name, const Change& change,
                        std::function<void(Result<TrailPointer>)> done) {
  {
    const std::scoped_lock lock(pending_mutex_);
    pending_.push_back({name, change, std::move(done)});
    if (changing_) return;
    changing_ = true;
  }
  make_changes();
}

void TrailStore::make_changes() {
  while (true) {
    Pending next;
    {
      const std::scoped_lock lock(pending_mutex_);
      if (pending_.empty()) {
        changing_ = false;
        // Under the lock: the destructor may return as soon as it is released.
        quiet_.notify_all();
        return;
      }
      next = std::move(pending_.front());
      pending_.pop_front();
    }
    if (!make_change(std::move(next))) return;
  }
}

bool TrailStore::make_change(Pending pending) {
  const TrailPointer before = find(pending.name);
  auto now = pending.change(before);
  if (!now || is_same(before, *now)) {
    pending.done(std::move(now));
    return true;
  }
  // Whoever comes second, the end of the commit or the end of this call, goes on: so that many
  // changes do not nest.
  auto second = std::make_shared<std::atomic_flag>();
  const auto mutation = mutation_of(pending.name, *now);
  engine_.commit(
      {{kAuditPartition, {mutation}, {}}},
      [this, second, before, pending = std::move(pending), now = *std::move(now)](Status status) {
        if (status) {
          publish(before, now);
          pending.done(now);
        } else {
          pending.done(std::move(status).error());
        }
        if (second->test_and_set()) make_changes();
      });
  return second->test_and_set();
}

void TrailStore::publish(const TrailPointer& before, const TrailPointer& now) {
  {
    const std::scoped_lock lock(mutex_);
    if (now) {
      trails_[now->name] = now;
    } else {
      trails_.erase(before->name);
    }
  }
  if (before && (!now || now->sink != before->sink)) coverage_.set(before->sink, std::nullopt);
  if (now) cover(*now);
  if (listener_) listener_();
}

void TrailStore::cover(const Trail& trail) {
  coverage_.set(trail.sink, trail.logging ? std::optional(trail.selectors) : std::nullopt);
}

}  // namespace millrace::audit
