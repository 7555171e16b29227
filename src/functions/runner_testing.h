// A runner with its logs in memory, and functions written on the spot.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "functions/runner.h"

namespace millrace::functions {

// Keeps all, in order of arrival.
class MemoryLogSink final : public FunctionLogSink {
 public:
  void append(const std::string& group, const std::string& stream,
              std::vector<logs::LogEvent> events, std::function<void(Status)> done) override;

  // The messages of all streams of the group, one after the other.
  [[nodiscard]] std::string text(const std::string& group) const;
  [[nodiscard]] std::vector<std::string> streams(const std::string& group) const;
  [[nodiscard]] size_t bytes() const;
  // Answers no append until let_go().
  void hold();
  void let_go();

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::map<std::string, std::string>> groups_;
  size_t bytes_ = 0;
  bool held_ = false;
  std::vector<std::function<void(Status)>> waiting_;
};

class TestRunner {
 public:
  explicit TestRunner(FunctionSettings settings = {});
  ~TestRunner();
  TestRunner(const TestRunner&) = delete;
  TestRunner& operator=(const TestRunner&) = delete;

  using Files = std::map<std::string, std::string>;  // path to text; `bootstrap` is executable
  // A version with that code, to be changed before its first use.
  std::shared_ptr<FunctionVersion> function(const std::string& name, const std::string& runtime,
                                            const std::string& handler, const Files& files);
  // A custom runtime: a shell script with next, respond BODY and fail BODY to be called.
  std::shared_ptr<FunctionVersion> shell(const std::string& name, const std::string& loop_body,
                                         const std::string& init = "");
  // The custom runtime in C++.
  std::shared_ptr<FunctionVersion> custom(const std::string& name);

  // Waits for the answer for at most a minute.
  Result<InvokeAnswer> invoke(const FunctionVersionPointer& version, const std::string& payload,
                              InvokeRequest request = {});

  [[nodiscard]] Runner& runner() { return *runner_; }
  [[nodiscard]] MemoryLogSink& log() { return log_; }
  [[nodiscard]] std::string directory() const { return directory_; }
  // Processes whose environment names this runner's directory.
  [[nodiscard]] size_t process_count() const;
  // Whether it gets to that within ten seconds.
  [[nodiscard]] bool has_processes(size_t count) const;

 private:
  std::string directory_;
  // Names of control groups come of it: two test programs at once must not have the same.
  Random random_ = Random::from_system();
  SystemClock clock_;
  MemoryLogSink log_;
  std::unique_ptr<Runner> runner_;
};

// The number of processes with that text in their environment.
[[nodiscard]] size_t processes_with(const std::string& text);

}  // namespace millrace::functions
