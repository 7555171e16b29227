#include "triggers/mapping_store.h"

#include <atomic>

#include <fmt/format.h>

#include "catalog/catalog.h"
#include "triggers/mapping_encoding.h"

namespace millrace::triggers {
namespace {

constexpr char kKeyPrefix = 'm';
constexpr char kAfterKeyPrefix = 'n';

Bytes key_of(const std::string& uuid) {
  return kKeyPrefix + uuid;
}

engine::Mutation mutation_of(const std::string& uuid, const MappingPointer& now) {
  if (!now) return engine::Erase{key_of(uuid)};
  return engine::Put{key_of(uuid), write_mapping(*now)};
}

}  // namespace

Result<std::unique_ptr<MappingStore>> MappingStore::open(engine::Engine& engine) {
  std::unique_ptr<MappingStore> store(new MappingStore(engine));
  TRY(store->load());
  return store;
}

MappingStore::~MappingStore() {
  std::unique_lock lock(pending_mutex_);
  quiet_.wait(lock, [this] { return !changing_; });
}

Status MappingStore::load() {
  Status read = Done{};
  TRY(engine_.scan(catalog::kTriggersPartition, {Bytes(1, kKeyPrefix), Bytes(1, kAfterKeyPrefix)},
                   engine::Direction::kForward, [&](ByteView key, ByteView value) {
                     auto mapping = read_mapping(value);
                     if (mapping && key_of(mapping->uuid) != key) {
                       mapping =
                           internal_error("an event source mapping is stored in the wrong place");
                     }
                     if (!mapping) {
                       read = mapping.error();
                       return false;
                     }
                     auto pointer = std::make_shared<const Mapping>(*std::move(mapping));
                     mappings_[pointer->uuid] = pointer;
                     return true;
                   }));
  return read;
}

MappingPointer MappingStore::find(const std::string& uuid) const {
  const std::shared_lock lock(mutex_);
  const auto found = mappings_.find(uuid);
  return found == mappings_.end() ? nullptr : found->second;
}

std::vector<MappingPointer> MappingStore::list(const std::string& after, size_t limit) const {
  const std::shared_lock lock(mutex_);
  std::vector<MappingPointer> listed;
  for (auto i = mappings_.upper_bound(after); i != mappings_.end() && listed.size() < limit; ++i) {
    listed.push_back(i->second);
  }
  return listed;
}

void MappingStore::change(const std::string& uuid, const ChangeMapping& change, ChangeDone done) {
  {
    const std::scoped_lock lock(pending_mutex_);
    pending_.push_back({uuid, change, std::move(done)});
    if (changing_) return;
    changing_ = true;
  }
  make_changes();
}

void MappingStore::insert(MappingPointer mapping, ChangeDone done) {
  const std::string uuid = mapping->uuid;
  change(
      uuid,
      [this,
       mapping = std::move(mapping)](const MappingPointer& current) -> Result<MappingPointer> {
        MILLRACE_CHECK(current == nullptr);
        TRY(check_unique(*mapping));
        return mapping;
      },
      std::move(done));
}

void MappingStore::set_listener(Listener listener) {
  listener_ = std::move(listener);
}

void MappingStore::make_changes() {
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

bool MappingStore::make_change(Pending pending) {
  const MappingPointer current = find(pending.uuid);
  auto now = pending.change(current);
  if (!now || *now == current) {
    pending.done(std::move(now));
    return true;
  }
  // Whoever comes second, the end of the commit or the end of this call, goes on: so that many
  // changes do not nest.
  auto second = std::make_shared<std::atomic_flag>();
  const auto mutation = mutation_of(pending.uuid, *now);
  engine_.commit(
      {{catalog::kTriggersPartition, {mutation}, {}}},
      [this, second, pending = std::move(pending), now = *std::move(now)](Status status) {
        if (status) {
          publish(pending.uuid, now);
          pending.done(now);
        } else {
          pending.done(std::move(status).error());
        }
        if (second->test_and_set()) make_changes();
      });
  return second->test_and_set();
}

void MappingStore::publish(const std::string& uuid, const MappingPointer& now) {
  {
    const std::scoped_lock lock(mutex_);
    if (now) {
      mappings_[uuid] = now;
    } else {
      mappings_.erase(uuid);
    }
  }
  if (listener_) listener_(uuid, now);
}

Status MappingStore::check_unique(const Mapping& mapping) const {
  const std::shared_lock lock(mutex_);
  for (const auto& [uuid, other] : mappings_) {
    if (uuid == mapping.uuid || other->event_source_arn != mapping.event_source_arn ||
        other->function_arn != mapping.function_arn) {
      continue;
    }
    const std::string_view arn = mapping.function_arn;
    // Fields of a function's ARN: arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]
    const size_t name = arn.find(":function:");
    return Error{ErrorCode::kResourceConflictException,
                 fmt::format("The event source arn (\" {} \") and function (\" {} \") provided "
                             "mapping already exists. Please update or delete the existing mapping "
                             "with UUID {}",
                             mapping.event_source_arn,
                             name == std::string_view::npos ? arn : arn.substr(name + 10), uuid)};
  }
  return Done{};
}

}  // namespace millrace::triggers
