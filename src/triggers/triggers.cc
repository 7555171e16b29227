#include "triggers/triggers.h"

#include <future>
#include <set>

namespace millrace::triggers {
namespace {

constexpr size_t kPageSize = 1000;

Error unknown_mapping() {
  return {ErrorCode::kResourceNotFoundException, "The resource you requested does not exist."};
}

}  // namespace

Triggers::Triggers(const Environment& environment, MappingStore& store)
    : environment_(environment), store_(store) {
  store_.set_listener([this](const std::string& uuid, const MappingPointer& now) {
    environment_.scheduler.post([this, alive = std::weak_ptr(alive_), uuid, now] {
      if (alive.lock()) update(uuid, now);
    });
  });
  listener_ = environment_.database.catalog.add_listener([this](const catalog::Change& change) {
    std::set<std::string> tables;
    for (const auto* streams : {&change.streams, &change.dropped_streams}) {
      for (const auto& stream : *streams) tables.insert(stream->table_name);
    }
    if (tables.empty()) return;
    environment_.scheduler.post([this, alive = std::weak_ptr(alive_), tables] {
      if (!alive.lock()) return;
      for (const auto& work : works()) {
        for (const std::string& table : tables) work->on_stream_change(table);
      }
    });
  });
}

Triggers::~Triggers() {
  environment_.database.catalog.remove_listener(listener_);
  store_.set_listener(nullptr);
}

void Triggers::start() {
  std::string after;
  while (true) {
    const auto mappings = store_.list(after, kPageSize);
    for (const MappingPointer& mapping : mappings) {
      environment_.scheduler.post([this, alive = std::weak_ptr(alive_), mapping] {
        if (alive.lock()) update(mapping->uuid, mapping);
      });
    }
    if (mappings.size() < kPageSize) return;
    after = mappings.back()->uuid;
  }
}

void Triggers::update(const std::string& uuid, const MappingPointer& now) {
  if (stopping_) return;
  std::shared_ptr<MappingWork> work = find(uuid);
  if (!work) {
    if (!now) return;
    work = std::make_shared<MappingWork>(environment_, store_, uuid);
    std::lock_guard lock(mutex_);
    works_[uuid] = work;
  }
  work->update(now);
  if (now) return;
  std::lock_guard lock(mutex_);
  works_.erase(uuid);
}

std::shared_ptr<MappingWork> Triggers::find(const std::string& uuid) const {
  std::lock_guard lock(mutex_);
  const auto found = works_.find(uuid);
  return found == works_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<MappingWork>> Triggers::works() const {
  std::vector<std::shared_ptr<MappingWork>> works;
  std::lock_guard lock(mutex_);
  for (const auto& [uuid, work] : works_) works.push_back(work);
  return works;
}

void Triggers::stop(std::function<void()> done) {
  environment_.scheduler.post([this, alive = std::weak_ptr(alive_), done = std::move(done)] {
    if (!alive.lock()) return;
    stopping_ = true;
    // Called when the last copy goes: after every work has ended.
    const std::shared_ptr<void> all_ended(nullptr, [done](void*) { done(); });
    for (const auto& work : works()) work->stop([all_ended] {});
  });
}

void Triggers::stop(std::chrono::milliseconds grace) {
  const auto ended = std::make_shared<std::promise<void>>();
  auto waiting = ended->get_future();
  stop([ended] { ended->set_value(); });
  waiting.wait_for(grace);
}

std::optional<std::string> Triggers::last_processing_result(const std::string& uuid) const {
  const auto work = find(uuid);
  if (!work) return std::nullopt;
  return work->context().last_result->get();
}

void Triggers::describe(const std::string& uuid,
                        std::function<void(Result<MappingStatistics>)> done) {
  environment_.scheduler.post([this, alive = std::weak_ptr(alive_), uuid, done = std::move(done)] {
    const auto work = alive.lock() ? find(uuid) : nullptr;
    if (!work) return done(unknown_mapping());
    auto lag = work->lag();
    if (!lag.ok()) return done(std::move(lag).error());
    done(MappingStatistics{work->context().counts, *lag});
  });
}

void Triggers::describe_all(std::function<void(Result<std::vector<Described>>)> done) {
  environment_.scheduler.post([this, alive = std::weak_ptr(alive_), done = std::move(done)] {
    std::vector<Described> all;
    if (!alive.lock()) return done(std::move(all));
    for (const auto& work : works()) {
      auto lag = work->lag();
      if (!lag.ok()) return done(std::move(lag).error());
      if (!work->context().mapping) continue;
      all.push_back({work->context().mapping, {work->context().counts, *lag}});
    }
    done(std::move(all));
  });
}

void Triggers::replay(const std::string& uuid, ReplayFrom from, std::function<void(Status)> done) {
  environment_.scheduler.post(
      [this, alive = std::weak_ptr(alive_), uuid, from, done = std::move(done)] {
        const auto work = alive.lock() ? find(uuid) : nullptr;
        if (!work) return done(unknown_mapping());
        work->replay(from, done);
      });
}

}  // namespace millrace::triggers
