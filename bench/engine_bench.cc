// Commits of 1 KB values with a log record each, and reads. The argument of a commit benchmark is
// how many commits are in flight, which is what a group commit shares its fsync between.
#include <filesystem>
#include <semaphore>
#include <unistd.h>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "engine/memory/memory_engine.h"
#include "engine/rocksdb/rocksdb_engine.h"
#include "model/key_codec.h"

namespace millrace::bench {
namespace {

using engine::Engine;

constexpr engine::PartitionId kPartition = 1;
constexpr uint64_t kKeys = 10'000;

// An engine whose files, in a directory below the working directory and thus on a real disk, end
// with it.
class OpenEngine {
 public:
  static OpenEngine memory() { return {engine::open_memory_engine(), {}}; }
  static OpenEngine rocksdb(engine::Durability durability) {
    const auto directory =
        std::filesystem::current_path() / fmt::format("engine_bench.{}", getpid());
    auto opened =
        engine::open_rocksdb_engine({.directory = directory.string(), .durability = durability});
    return {std::move(opened).value(), directory};
  }
  OpenEngine(OpenEngine&&) = default;
  ~OpenEngine() {
    engine_.reset();
    std::error_code ignored;
    if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
  }

  Engine& operator*() { return *engine_; }

 private:
  OpenEngine(std::unique_ptr<Engine> opened, std::filesystem::path directory)
      : engine_(std::move(opened)), directory_(std::move(directory)) {}

  std::unique_ptr<Engine> engine_;
  std::filesystem::path directory_;
};

Bytes key_of(uint64_t number) {
  return encode_partition_key(AttributeValue(fmt::format("item-{:012}", number % kKeys)));
}

engine::PartitionCommit commit_of(uint64_t number) {
  return {.partition = kPartition,
          .mutations = {engine::Put{key_of(number), Bytes(1024, 'v')}},
          .records = {{number + 1, Bytes(1024, 'r')}}};
}

// One iteration starts one commit, once fewer than `in_flight` are under way.
void run_commits(benchmark::State& state, Engine& engine) {
  const auto in_flight = static_cast<std::ptrdiff_t>(state.range(0));
  std::counting_semaphore<> free_places(in_flight);
  uint64_t number = 0;
  for (auto _ : state) {
    free_places.acquire();
    engine.commit({commit_of(number++)}, [&](const Status& status) {
      MILLRACE_CHECK(status.ok());
      free_places.release();
    });
  }
  for (std::ptrdiff_t i = 0; i < in_flight; ++i) free_places.acquire();
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}

void commit_memory(benchmark::State& state) {
  auto engine = OpenEngine::memory();
  run_commits(state, *engine);
}
BENCHMARK(commit_memory)->Arg(1);

void commit_rocksdb_fsync(benchmark::State& state) {
  auto engine = OpenEngine::rocksdb(engine::Durability::kCommit);
  run_commits(state, *engine);
}
BENCHMARK(commit_rocksdb_fsync)->Arg(1)->Arg(32)->UseRealTime();

void commit_rocksdb_os(benchmark::State& state) {
  auto engine = OpenEngine::rocksdb(engine::Durability::kOs);
  run_commits(state, *engine);
}
BENCHMARK(commit_rocksdb_os)->Arg(1)->Arg(32)->UseRealTime();

void run_gets(benchmark::State& state, Engine& engine) {
  std::counting_semaphore<> done(0);
  for (uint64_t i = 0; i < kKeys; ++i) {
    engine.commit({commit_of(i)}, [&](const Status& /*status*/) { done.release(); });
  }
  for (uint64_t i = 0; i < kKeys; ++i) done.acquire();
  uint64_t number = 0;
  for (auto _ : state) benchmark::DoNotOptimize(engine.get(kPartition, key_of(number += 7919)));
}

void get_memory(benchmark::State& state) {
  auto engine = OpenEngine::memory();
  run_gets(state, *engine);
}
BENCHMARK(get_memory);

void get_rocksdb(benchmark::State& state) {
  auto engine = OpenEngine::rocksdb(engine::Durability::kOs);
  run_gets(state, *engine);
}
BENCHMARK(get_rocksdb);

}  // namespace
}  // namespace millrace::bench
