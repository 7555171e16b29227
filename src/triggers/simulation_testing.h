// A server's triggers without threads, under a clock that the test moves: everything happens in an
// order that a seed decides.
#pragma once

#include <deque>
#include <map>

#include <gtest/gtest.h>

#include "engine/memory/memory_engine.h"
#include "ops/call.h"
#include "triggers/triggers.h"

namespace millrace::triggers {

class SimulatedScheduler final : public Scheduler {
 public:
  explicit SimulatedScheduler(ManualClock& clock) : clock_(clock) {}

  void post(Task task) override { tasks_.push_back(std::move(task)); }
  TimerId after(std::chrono::milliseconds delay, Task task) override;
  void cancel(TimerId timer) override;

  // Runs what there is to do at this moment.
  void run();
  // Moves the clock, stopping at each timer on the way.
  void advance(std::chrono::milliseconds by);

 private:
  struct Timer {
    TimerId id;
    Task task;
  };

  ManualClock& clock_;
  std::deque<Task> tasks_;
  std::multimap<int64_t, Timer> timers_;  // by the time at which they are due, in milliseconds
  TimerId next_timer_ = 1;
};

class SimulatedSignal final : public RecordSignal {
 public:
  [[nodiscard]] uint64_t changes() const override { return changes_; }
  void wait(engine::PartitionId partition, engine::LogPosition position, uint64_t seen_changes,
            std::function<void()> woken) override;
  // Something was written.
  void wake();

 private:
  uint64_t changes_ = 0;
  std::vector<std::function<void()>> waiting_;
};

// Answers by a function, after a while.
class SimulatedFunction final : public functions::Invoker {
 public:
  struct Answer {
    Result<functions::InvokeAnswer> answer;
    std::chrono::milliseconds after{1};
  };
  using Script = std::function<Answer(const functions::InvokeRequest&)>;

  explicit SimulatedFunction(Scheduler& scheduler) : scheduler_(scheduler) {}
  void invoke(functions::InvokeRequest request, functions::InvokeDone done) override;

  Script script;

 private:
  Scheduler& scheduler_;
};

class SimulatedDestinations final : public FailureDestinations {
 public:
  [[nodiscard]] Status check(const std::string&) const override { return Done{}; }
  void send(const std::string& destination_arn, FailedBatch batch,
            std::function<void(Status)> done) override;

  std::function<Status(const FailedBatch&)> script;
};

[[nodiscard]] functions::InvokeAnswer succeeded(std::string payload = "null");
[[nodiscard]] functions::InvokeAnswer unhandled();

// One table with a stream, in a server of which everything but the engine can be lost at any
// moment.
class Simulation {
 public:
  Simulation();
  ~Simulation();

  // Requests of the database.
  void call(ops::Operation operation, const std::string& input);
  void put(const std::string& key, int64_t number, const std::string& color);
  void split();
  [[nodiscard]] std::string stream_arn() const;

  // Stores the mapping, of the table's stream.
  void create(Mapping mapping);
  void change(const std::string& uuid, const std::function<void(Mapping&)>& change);
  [[nodiscard]] MappingPointer find(const std::string& uuid) const { return store_->find(uuid); }
  [[nodiscard]] MappingStatistics statistics(const std::string& uuid);

  // The process dies, and begins anew; what was under way is never heard of again.
  void crash();
  void run() { server_->scheduler.run(); }
  void advance(std::chrono::milliseconds by) { server_->scheduler.advance(by); }

  [[nodiscard]] Triggers& triggers() { return *server_->triggers; }
  [[nodiscard]] ManualClock& clock() { return clock_; }
  [[nodiscard]] ops::Database& database() { return *database_; }

  SimulatedFunction::Script function;
  std::function<Status(const FailedBatch&)> destination;

 private:
  // All that a crash takes.
  struct Server {
    explicit Server(Simulation& simulation);
    ~Server();

    SimulatedScheduler scheduler;
    SimulatedSignal signal;
    SimulatedFunction invoker;
    SimulatedDestinations destinations;
    std::unique_ptr<Triggers> triggers;
  };

  void start();

  ManualClock clock_{1'700'000'000'000'000};
  Random random_{1};
  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(*engine_, {}).value();
  std::unique_ptr<ops::Database> database_ =
      ops::Database::open(*engine_, *catalog_, clock_, random_, random_).value();
  std::unique_ptr<MappingStore> store_;
  std::unique_ptr<Server> server_;
};

}  // namespace millrace::triggers
