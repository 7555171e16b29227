#include <fmt/format.h>

#include "audit/query/event_data_store.h"
#include "catalog/catalog.h"

namespace millrace::audit::query {
namespace {

constexpr std::string_view kKeyPrefix = "e/";
constexpr std::string_view kKeyEnd = "e0";  // follows all keys of the prefix
constexpr int64_t kDeletionMilliseconds = int64_t{7} * 24 * 60 * 60 * 1000;

Bytes key_of(std::string_view id) {
  return Bytes(kKeyPrefix) + Bytes(id);
}

}  // namespace

std::string_view EventDataStore::status() const {
  if (pending_deletion()) return "PENDING_DELETION";
  return ingesting ? "ENABLED" : "STOPPED_INGESTION";
}

std::string event_data_store_arn(const catalog::Site& site, std::string_view id) {
  return fmt::format("arn:aws:cloudtrail:{}:{}:eventdatastore/{}", site.region, site.account_id,
                     id);
}

Result<std::unique_ptr<EventDataStores>> EventDataStores::open(engine::Engine& engine,
                                                               Coverage& coverage,
                                                               const Clock& clock) {
  std::unique_ptr<EventDataStores> stores(new EventDataStores(engine, coverage, clock));
  TRY(stores->load());
  return stores;
}

Status EventDataStores::load() {
  Status failed = Done{};
  const engine::KeyRange range{Bytes(kKeyPrefix), Bytes(kKeyEnd)};
  TRY(engine_.scan(catalog::kAuditPartition, range, engine::Direction::kForward,
                   [&](ByteView /*key*/, ByteView value) {
                     auto store = read_event_data_store(value);
                     if (store.ok()) {
                       auto pointer = std::make_shared<const EventDataStore>(*std::move(store));
                       decided_[pointer->id] = pointer;
                     } else {
                       failed = store.error();
                     }
                     return failed.ok();
                   }));
  TRY(std::move(failed));
  std::erase_if(decided_, [&](const auto& one) { return is_gone(*one.second); });
  for (const auto& [id, store] : decided_) publish(store);
  return Done{};
}

bool EventDataStores::is_gone(const EventDataStore& store) const {
  return store.pending_deletion() &&
         clock_.now_milliseconds() - store.deleted_milliseconds >= kDeletionMilliseconds;
}

void EventDataStores::publish(const EventDataStorePointer& store) {
  std::lock_guard lock(mutex_);
  stores_[store->id] = store;
  const bool ingests = store->ingesting && !store->pending_deletion();
  coverage_.set(store->sink,
                ingests ? std::optional(Selectors{.advanced = store->selectors}) : std::nullopt);
}

EventDataStores::Stores EventDataStores::all() const {
  std::lock_guard lock(mutex_);
  Stores all = stores_;
  std::erase_if(all, [&](const auto& one) { return is_gone(*one.second); });
  return all;
}

EventDataStorePointer EventDataStores::find(std::string_view id) const {
  std::lock_guard lock(mutex_);
  const auto found = stores_.find(id);
  return found == stores_.end() || is_gone(*found->second) ? nullptr : found->second;
}

void EventDataStores::change(const Change& change, ChangeDone done) {
  std::unique_lock lock(change_mutex_);
  std::vector<engine::Mutation> mutations;
  std::erase_if(decided_, [&](const auto& one) {
    const bool gone = is_gone(*one.second);
    if (gone) mutations.emplace_back(engine::Erase{key_of(one.first)});
    return gone;
  });
  auto decided = change(decided_);
  if (!decided.ok()) {
    // What is gone is erased by a later start or change.
    lock.unlock();
    return done(decided.error());
  }
  const EventDataStorePointer store = *decided;
  decided_[store->id] = store;
  mutations.emplace_back(engine::Put{key_of(store->id), write_event_data_store(*store)});
  engine_.commit({{catalog::kAuditPartition, std::move(mutations), {}}},
                 [this, store, done = std::move(done)](Status committed) {
                   if (!committed.ok()) return done(committed.error());
                   publish(store);
                   done(store);
                 });
}

}  // namespace millrace::audit::query
