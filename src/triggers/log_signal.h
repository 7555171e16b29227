// The signal of the running server: its commits and its catalog.
#pragma once

#include "triggers/environment.h"

namespace millrace::triggers {

class LogSignal final : public RecordSignal {
 public:
  explicit LogSignal(ops::RecordWaits& waits) : waits_(waits) {}

  [[nodiscard]] uint64_t changes() const override { return waits_.changes(); }
  void wait(engine::PartitionId partition, engine::LogPosition position, uint64_t seen_changes,
            std::function<void()> woken) override {
    // The deadline only bounds what is kept of a lane that is gone.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
    waits_.wait(partition, position, seen_changes, deadline,
                [woken = std::move(woken)](ops::WaitEnd) { woken(); });
  }

 private:
  ops::RecordWaits& waits_;
};

}  // namespace millrace::triggers
