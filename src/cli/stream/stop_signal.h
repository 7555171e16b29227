#pragma once

#include <chrono>

namespace millrace::cli::stream {

// Once raised it stays so. Thread-safe.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  void raise();
  [[nodiscard]] bool is_raised() const { return wait_for(std::chrono::milliseconds(0)); }
  // Returns early, with true, when it is raised.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds duration) const;
  // There is something to read once it is raised.
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

}  // namespace millrace::cli::stream
