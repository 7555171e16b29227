#include "functions/function_store.h"

#include "catalog/catalog.h"
#include "functions/function_encoding.h"

namespace millrace::functions {
namespace {

using catalog::kFunctionsPartition;

constexpr char kFunctionTag = 'F';
constexpr char kVersionTag = 'V';

Bytes function_key(const std::string& name) {
  return kFunctionTag + name;
}

Bytes version_key(const std::string& name, uint64_t number) {
  // No function name holds a zero byte.
  Bytes key = kVersionTag + name + '\0';
  append_u64(key, number);
  return key;
}

// What is stored of `now` and not of `before`, and the reverse.
engine::PartitionCommit difference(const std::string& name, const FunctionPointer& before,
                                   const FunctionPointer& now) {
  engine::PartitionCommit commit{kFunctionsPartition, {}, {}};
  if (before) {
    for (const auto& [number, version] : before->published) {
      if (!now || !now->published.contains(number)) {
        commit.mutations.emplace_back(engine::Erase{version_key(name, number)});
      }
    }
  }
  if (!now) {
    commit.mutations.emplace_back(engine::Erase{function_key(name)});
    return commit;
  }
  for (const auto& [number, version] : now->published) {
    const auto earlier = before ? before->published.find(number) : now->published.end();
    if (before && earlier != before->published.end() && earlier->second == version) continue;
    commit.mutations.emplace_back(engine::Put{version_key(name, number), write_version(*version)});
  }
  commit.mutations.emplace_back(engine::Put{function_key(name), write_function(*now)});
  return commit;
}

}  // namespace

Result<std::unique_ptr<FunctionStore>> FunctionStore::open(engine::Engine& engine,
                                                           CodeStore& codes) {
  std::unique_ptr<FunctionStore> store(new FunctionStore(engine, codes));
  TRY(store->load());
  codes.remove_others();
  return store;
}

FunctionStore::~FunctionStore() {
  codes_.stop();
  std::unique_lock lock(commits_mutex_);
  commits_done_.wait(lock, [this] { return commits_ == 0; });
}

void FunctionStore::commit_done() {
  const std::scoped_lock lock(commits_mutex_);
  --commits_;
  // Under the lock: who waits for it destroys this.
  commits_done_.notify_all();
}

Status FunctionStore::load() {
  std::map<std::string, std::weak_ptr<const Code>> known;
  const FindCode find_code = [&](const std::string& name, const std::string& sha256,
                                 int64_t zip_bytes, int64_t unpacked_bytes) {
    CodePointer code = known[name].lock();
    if (!code) {
      code = codes_.existing(name, sha256, zip_bytes, unpacked_bytes);
      known[name] = code;
    }
    return code;
  };
  std::map<std::string, Function> functions;
  Status entries = Done{};
  const auto load_entry = [&](ByteView key, ByteView value) -> Status {
    if (key.starts_with(kFunctionTag)) {
      Function function = TRY(read_function(value, find_code));
      const std::string name = function.name;
      functions[name] = std::move(function);
    } else if (key.starts_with(kVersionTag)) {
      auto version = std::make_shared<const FunctionVersion>(TRY(read_version(value, find_code)));
      const auto number = ByteReader(key.substr(key.size() - sizeof(uint64_t))).read_u64();
      const auto function = functions.find(version->name);
      if (function == functions.end()) return internal_error("a version has no function");
      function->second.published[number.value_or(0)] = std::move(version);
    }
    return Done{};
  };
  TRY(engine_.scan(kFunctionsPartition, {}, engine::Direction::kForward,
                   [&](ByteView key, ByteView value) {
                     entries = load_entry(key, value);
                     return entries.ok();
                   }));
  TRY(std::move(entries));
  for (auto& [name, function] : functions) {
    auto pointer = std::make_shared<const Function>(std::move(function));
    submitted_[name] = pointer;
    functions_[name] = pointer;
  }
  return Done{};
}

FunctionPointer FunctionStore::find(const std::string& name) const {
  const std::shared_lock lock(mutex_);
  const auto found = functions_.find(name);
  return found == functions_.end() ? nullptr : found->second;
}

std::vector<FunctionPointer> FunctionStore::list(const std::string& after, size_t limit) const {
  const std::shared_lock lock(mutex_);
  std::vector<FunctionPointer> functions;
  for (auto at = functions_.upper_bound(after); at != functions_.end() && functions.size() < limit;
       ++at) {
    functions.push_back(at->second);
  }
  return functions;
}

void FunctionStore::set_listener(Listener listener) {
  listener_ = std::move(listener);
}

void FunctionStore::change(const std::string& name, const Change& change, ChangeDone done) {
  std::unique_lock lock(change_mutex_);
  const auto found = submitted_.find(name);
  const FunctionPointer current = found == submitted_.end() ? nullptr : found->second;
  auto changed = change(current);
  if (!changed.ok() || *changed == current) {
    lock.unlock();
    return done(std::move(changed));
  }
  const FunctionPointer now = *changed;
  if (now) {
    submitted_[name] = now;
  } else {
    submitted_.erase(name);
  }
  {
    const std::scoped_lock commits_lock(commits_mutex_);
    ++commits_;
  }
  std::vector<engine::PartitionCommit> commit;
  commit.push_back(difference(name, current, now));
  engine_.commit(std::move(commit), [this, name, now, done = std::move(done)](Status status) {
    if (status.ok()) publish(name, now);
    done(status.ok() ? Result<FunctionPointer>(now) : std::move(status).error());
    commit_done();
  });
}

void FunctionStore::publish(const std::string& name, const FunctionPointer& function) {
  FunctionPointer before;
  {
    const std::unique_lock lock(mutex_);
    const auto found = functions_.find(name);
    if (found != functions_.end()) before = std::exchange(found->second, function);
    if (found == functions_.end()) {
      functions_[name] = function;
    } else if (!function) {
      functions_.erase(found);
    }
  }
  if (listener_) listener_(before, function);
}

}  // namespace millrace::functions
