// SIGKILL cannot show a missing fsync, because the page cache survives it. Here the disk forgets.
#include <atomic>
#include <condition_variable>
#include <map>

#include <gtest/gtest.h>

#include "engine/engine_calls_testing.h"
#include "engine/rocksdb/power_loss_file_system_testing.h"
#include "engine/rocksdb/rocksdb_engine.h"

namespace millrace::engine {
namespace {

constexpr PartitionId kEveryCommit = 9;  // takes part in all commits; the others in every third
constexpr uint64_t kCommitsPerLife = 400;
constexpr int kLivesPerRound = 3;

// Commit number `i` of the sequence that every round writes, from 1.
std::vector<PartitionCommit> commit_number(uint64_t i) {
  const Bytes key = "key " + std::to_string(i % 17);
  const Bytes value = std::to_string(i) + Bytes(i % 7 == 0 ? 3'000 : 40, 'x');
  std::vector<Mutation> mutations;
  if (i % 97 == 0) mutations.emplace_back(EraseAll{});
  if (i % 31 == 0) mutations.emplace_back(EraseRange{"key 3", "key 8"});
  mutations.emplace_back(Put{key, value});
  if (i % 5 == 0) mutations.emplace_back(Erase{"key " + std::to_string(i % 13)});
  return {{1 + i % 3, mutations, {{i, value}}}, {kEveryCommit, mutations, {{i, value}}}};
}

// What the first `count` commits of the sequence leave in a partition.
struct Expected {
  std::map<Bytes, Bytes> items;
  Records records;
};

std::map<PartitionId, Expected> expected_after(uint64_t count) {
  std::map<PartitionId, Expected> expected;
  for (uint64_t i = 1; i <= count; ++i) {
    for (const PartitionCommit& commit : commit_number(i)) {
      Expected& partition = expected[commit.partition];
      for (const Mutation& mutation : commit.mutations) {
        if (const auto* put = std::get_if<Put>(&mutation)) {
          partition.items[put->key] = put->value;
        } else if (const auto* erase = std::get_if<Erase>(&mutation)) {
          partition.items.erase(erase->key);
        } else if (const auto* range = std::get_if<EraseRange>(&mutation)) {
          partition.items.erase(partition.items.lower_bound(range->from),
                                partition.items.lower_bound(range->to));
        } else {
          partition.items.clear();
        }
      }
      for (const LogRecord& record : commit.records) {
        partition.records.emplace_back(record.position, record.value);
      }
    }
  }
  return expected;
}

// A sequence of commits to one disk, through several losses of power.
class Round {
 public:
  Round(uint64_t seed, Durability durability) : random_(seed), durability_(durability) {}

  void run() {
    for (int life = 0; life < kLivesPerRound; ++life) {
      live();
      check();
      if (testing::Test::HasFailure()) return;
    }
  }

  // Acknowledged commits that were not there after a loss of power.
  [[nodiscard]] uint64_t lost_commits() const { return lost_commits_; }

 private:
  struct TrimPoint {
    uint64_t after_commit;
    LogPosition before;
  };

  std::unique_ptr<Engine> open(std::shared_ptr<PowerLossFileSystem> disk) {
    RocksdbOptions options;
    options.directory = "/var/millrace/data";
    options.durability = durability_;
    options.write_buffer_bytes = 64U << 10;  // so that files are written within a life
    options.file_system = std::move(disk);
    auto engine = open_rocksdb_engine(std::move(options));
    EXPECT_TRUE(engine.ok()) << engine.error().message;
    return engine.ok() ? std::move(engine).value() : nullptr;
  }

  // Opens the engine and commits until the power fails.
  void live() {
    auto disk = std::make_shared<PowerLossFileSystem>(image_);
    acknowledged_ = survived_;
    // Without syncs, a later file may keep more than an earlier one, and the commits that survive
    // are then not the first ones: no engine promises that they are.
    const auto unsynced_bytes =
        durability_ == Durability::kCommit ? UnsyncedBytes::kThereInPart : UnsyncedBytes::kGone;
    const uint64_t operations = random_.below(random_.below(4) == 0 ? 40 : 1'200);
    disk->lose_power_after(operations, unsynced_bytes, random_,
                           [this] { acknowledged_at_loss_ = acknowledged_.load(); });
    auto engine = open(disk);
    ASSERT_NE(engine, nullptr);
    uint64_t submitted = survived_;
    const uint64_t end = survived_ + kCommitsPerLife;
    while (submitted < end && !disk->has_lost_power()) {
      submitted = submit_burst(*engine, submitted);
    }
    // A loss while the engine closes is one of the cases, so is one when it has closed.
    if (random_.below(2) == 0) disk->lose_power();
    engine.reset();
    disk->lose_power();
    image_ = disk->image();
  }

  // Commits as lanes do, several in flight, and waits for the last. Returns its number.
  uint64_t submit_burst(Engine& engine, uint64_t submitted) {
    const uint64_t last = submitted + 1 + random_.below(12);
    for (uint64_t i = submitted + 1; i <= last; ++i) {
      engine.commit(commit_number(i), [this, i](const Status& status) {
        EXPECT_TRUE(status.ok());
        acknowledged_ = i;
        acknowledged_.notify_all();
      });
      if (random_.below(20) == 0) {
        const LogPosition before = random_.below(3) == 0 ? i + 1 : 1 + random_.below(i);
        EXPECT_TRUE(engine.trim_log(kEveryCommit, before).ok());
        trims_.push_back({i, before});
      }
    }
    for (uint64_t seen = acknowledged_; seen < last; seen = acknowledged_) acknowledged_.wait(seen);
    return last;
  }

  // What the disk holds must be the first commits of the sequence, whole, and no other.
  void check() {
    const auto engine = open(std::make_shared<PowerLossFileSystem>(image_));
    ASSERT_NE(engine, nullptr);
    survived_ = log_range(*engine, kEveryCommit).second - 1;
    if (survived_ < acknowledged_at_loss_) lost_commits_ += acknowledged_at_loss_ - survived_;
    if (durability_ == Durability::kCommit) {
      ASSERT_GE(survived_, acknowledged_at_loss_);
      check_trim_point(log_range(*engine, kEveryCommit).first);
    }
    // What was trimmed after the last acknowledged commit may be undone.
    const LogPosition trimmed_to = log_range(*engine, kEveryCommit).first;
    std::erase_if(trims_, [&](const TrimPoint& trim) { return trim.before > trimmed_to; });

    auto expected = expected_after(survived_);
    for (const PartitionId partition :
         {PartitionId{1}, PartitionId{2}, PartitionId{3}, kEveryCommit}) {
      const auto& [items, records] = expected[partition];
      ASSERT_EQ(scan(*engine, partition), Pairs(items.begin(), items.end()));
      Records kept = records;
      const LogPosition first = log_range(*engine, partition).first;
      std::erase_if(kept, [&](const auto& record) { return record.first < first; });
      ASSERT_EQ(read_log(*engine, partition), kept);
      ASSERT_EQ(log_range(*engine, partition).second,
                records.empty() ? 1 : records.back().first + 1);
    }
  }

  // A trim is durable with the commit after it.
  void check_trim_point(LogPosition first) {
    LogPosition least = 1;
    LogPosition most = 1;
    for (const TrimPoint& trim : trims_) {
      if (trim.after_commit < acknowledged_at_loss_) least = std::max(least, trim.before);
      most = std::max(most, trim.before);
    }
    ASSERT_GE(first, least);
    ASSERT_LE(first, most);
  }

  Random random_;
  const Durability durability_;
  PowerLossFileSystem::Image image_;
  uint64_t survived_ = 0;
  std::atomic<uint64_t> acknowledged_ = 0;
  std::atomic<uint64_t> acknowledged_at_loss_ = 0;
  uint64_t lost_commits_ = 0;
  std::vector<TrimPoint> trims_;
};

// MILLRACE_SEED replays a round that failed.
uint64_t first_seed() {
  const char* given = std::getenv("MILLRACE_SEED");
  return given != nullptr ? std::stoull(given) : Random::from_system().below(1'000'000'000);
}

uint64_t lost_in_rounds(int rounds, Durability durability) {
  uint64_t lost = 0;
  uint64_t seed = first_seed();
  for (int i = 0; i < rounds && !testing::Test::HasFailure(); ++i, ++seed) {
    SCOPED_TRACE("MILLRACE_SEED=" + std::to_string(seed));
    Round round(seed, durability);
    round.run();
    lost += round.lost_commits();
  }
  return lost;
}

TEST(PowerLoss, EveryAcknowledgedCommitSurvivesWithDurabilityCommit) {
  EXPECT_EQ(lost_in_rounds(60, Durability::kCommit), 0U);
}

// Shows that the disk of these tests does forget: without fsync commits are lost, though what is
// left is whole.
TEST(PowerLoss, AcknowledgedCommitsAreLostWithDurabilityOs) {
  EXPECT_GT(lost_in_rounds(10, Durability::kOs), 0U);
}

}  // namespace
}  // namespace millrace::engine
