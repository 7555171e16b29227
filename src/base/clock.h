// Time is passed in, so that a test decides what time it is.
#pragma once

#include <atomic>
#include <cstdint>

namespace millrace {

class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since 1970-01-01 UTC. Thread-safe. May step back when the machine's clock does.
  [[nodiscard]] virtual int64_t now_microseconds() const = 0;

  [[nodiscard]] int64_t now_milliseconds() const { return now_microseconds() / 1000; }
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] int64_t now_microseconds() const override;
};

// Stands still until it is moved. For tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(int64_t now_microseconds) : now_microseconds_(now_microseconds) {}
  [[nodiscard]] int64_t now_microseconds() const override { return now_microseconds_; }
  void advance_microseconds(int64_t by) { now_microseconds_ += by; }

 private:
  std::atomic<int64_t> now_microseconds_;
};

}  // namespace millrace
