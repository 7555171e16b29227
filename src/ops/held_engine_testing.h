// An engine in memory whose commits wait for a test.
#pragma once

#include <atomic>

#include "engine/memory/memory_engine.h"

namespace millrace::ops {

// Holds commits back until they are released, so that a test decides what a batch is.
class HeldEngine final : public engine::Engine {
 public:
  Result<std::optional<Bytes>> get(engine::PartitionId partition, ByteView key) override {
    return inner_->get(partition, key);
  }
  Result<std::vector<std::optional<Bytes>>> get_all(
      const std::vector<engine::Place>& places) override {
    return inner_->get_all(places);
  }
  Status scan(engine::PartitionId partition, const engine::KeyRange& range,
              engine::Direction direction, const engine::ScanVisitor& visit) override {
    return inner_->scan(partition, range, direction, visit);
  }
  void commit(std::vector<engine::PartitionCommit> commit, engine::CommitDone done) override {
    held_.push_back({std::move(commit), std::move(done)});
  }
  Status read_log(engine::PartitionId partition, engine::LogPosition from,
                  const engine::LogVisitor& visit) override {
    return inner_->read_log(partition, from, visit);
  }
  Result<engine::LogRange> log_range(engine::PartitionId partition) override {
    auto range = inner_->log_range(partition);
    if (after_log_range_) std::exchange(after_log_range_, nullptr)();
    return range;
  }
  Result<uint64_t> log_bytes(engine::PartitionId partition, engine::LogPosition first,
                             engine::LogPosition next) override {
    return inner_->log_bytes(partition, first, next);
  }
  Status trim_log(engine::PartitionId partition, engine::LogPosition before) override {
    return inner_->trim_log(partition, before);
  }
  void wait_log(engine::PartitionId partition, engine::LogPosition position,
                std::function<void()> ready) override {
    ++waits_;
    inner_->wait_log(partition, position, std::move(ready));
  }
  Status drop(engine::PartitionId partition) override { return inner_->drop(partition); }
  bool cheap_across_partitions() const override { return true; }

  [[nodiscard]] size_t held() const { return held_.size(); }
  // Called once, when the next log_range() has its answer.
  void after_log_range(std::function<void()> call) { after_log_range_ = std::move(call); }
  // How often wait_log() was called.
  [[nodiscard]] size_t waits() const { return waits_; }
  void release() {
    Held first = take();
    inner_->commit(std::move(first.commit), std::move(first.done));
  }
  void fail() { take().done(internal_error("no disk")); }

 private:
  struct Held {
    std::vector<engine::PartitionCommit> commit;
    engine::CommitDone done;
  };
  Held take() {
    Held first = std::move(held_.front());
    held_.erase(held_.begin());
    return first;
  }

  std::unique_ptr<engine::Engine> inner_ = engine::open_memory_engine();
  std::vector<Held> held_;
  std::atomic<size_t> waits_ = 0;
  std::function<void()> after_log_range_;
};

}  // namespace millrace::ops
