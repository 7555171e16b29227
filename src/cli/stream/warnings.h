#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

namespace millrace::cli::stream {

// What goes wrong without ending a command. Thread-safe.
class Warnings {
 public:
  using Write = std::function<void(const std::string& text)>;
  // `write` is called by one thread at a time.
  explicit Warnings(Write write) : write_(std::move(write)) {}
  // To stderr.
  Warnings();

  void warn(const std::string& text);
  // Warns once, however many threads say so, until there is success again.
  void warn_of_outage(const std::string& text);
  void succeeded() { is_outage_ = false; }

 private:
  std::mutex mutex_;
  const Write write_;  // guarded by mutex_
  std::atomic<bool> is_outage_ = false;
};

}  // namespace millrace::cli::stream
