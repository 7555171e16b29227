// One instance of a function: it is started for an invocation, serves one at a time, waits for the
// next, and ends.
#pragma once

#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "base/clock.h"
#include "base/random.h"
#include "functions/bootstrap_files.h"
#include "functions/control_groups.h"
#include "functions/event_loop.h"
#include "functions/function.h"
#include "functions/function_log.h"
#include "functions/instance_process.h"
#include "functions/invocation.h"
#include "functions/invocation_report.h"
#include "functions/runtime_api.h"
#include "functions/settings.h"

namespace millrace::functions {

// A call on its way to an instance.
struct Invocation {
  FunctionVersionPointer version;
  InvokeRequest request;
  InvokeDone done;
  std::string request_id;
};
using InvocationPointer = std::unique_ptr<Invocation>;

// What all instances share. Outlives them.
struct InstanceSurroundings {
  EventLoopPointer loop;
  FunctionSettings settings;
  RuntimeFiles files;
  ControlGroups control_groups;
  FunctionLogSink& log_sink;
  std::shared_ptr<size_t> busy_logs;  // how many have events that the sink has not taken
  Random& random;
  const Clock& clock;
  std::string scratch_directory;  // below which each instance has one
  std::string server_endpoint;    // URL; empty: not known
};

class Instance;

class InstanceOwner {
 public:
  virtual ~InstanceOwner() = default;
  // It waits for an invocation now, or no longer.
  virtual void on_idle(Instance& instance) = 0;
  virtual void on_not_idle(Instance& instance) = 0;
  // No process of it is left, and all of its invocations are answered. The instance may be
  // destroyed, but not before this returns.
  virtual void on_ended(Instance& instance) = 0;
};

// For the loop's thread; must be made by a shared pointer.
class Instance final : public std::enable_shared_from_this<Instance>,
                       private InstanceProcessListener,
                       private RuntimeApiListener {
 public:
  Instance(InstanceSurroundings& surroundings, InstanceOwner& owner,
           FunctionVersionPointer version);
  ~Instance() override;
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  [[nodiscard]] const FunctionVersion& version() const { return *version_; }

  // Once, before all else. May answer and end at once, by the loop.
  void start(InvocationPointer first);
  // Asserts that it is idle.
  void invoke(InvocationPointer invocation);
  [[nodiscard]] std::chrono::steady_clock::time_point idle_since() const { return idle_since_; }
  // Its credentials might not be good until the end of another invocation.
  [[nodiscard]] bool is_spent() const;
  // After the invocation it has, if any.
  void end_when_idle();
  // Now. Its invocation is answered with ServiceException.
  void stop();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  enum class State {
    kStarting,
    kIdle,
    kAway,      // neither waiting for an invocation nor at one
    kBusy,      // at an invocation
    kAnswered,  // the answer is there, and the runtime has still to ask for the next invocation
    kEnding,    // its processes are being killed
    kEnded,
  };

  bool on_output(ByteView bytes) override;
  void on_end(const ProcessEnd& end) override;
  void on_next() override;
  void on_next_gone() override;
  http::Response on_response(std::string_view request_id, RuntimePost post) override;
  http::Response on_error(std::string_view request_id, RuntimePost post) override;
  http::Response on_init_error(RuntimePost post) override;

  Result<auth::SigningCredentials> assume_role();
  Status start_process();
  void fail_start(const Error& error);
  void begin();
  http::Response event() const;
  // The error to answer to a post about that invocation, if it is not for now.
  [[nodiscard]] std::optional<http::Response> refusal_of(std::string_view request_id) const;
  void take_answer(Outcome outcome);
  // Ends the invocation: logs, and answers it with outcome_.
  void finish();
  void become_idle();
  void kill(Outcome outcome);
  void become_ended();
  void expect_within(std::chrono::milliseconds time);
  void on_timer();
  [[nodiscard]] double milliseconds_since(SteadyTime begin) const;
  [[nodiscard]] int64_t memory_peak_bytes() const;
  [[nodiscard]] Outcome outcome_of(const ProcessEnd& end) const;

  InstanceSurroundings& surroundings_;
  InstanceOwner& owner_;
  const FunctionVersionPointer version_;
  const std::string id_;
  State state_ = State::kStarting;
  bool end_when_idle_ = false;
  boost::asio::steady_timer timer_;
  uint64_t timer_round_ = 0;
  std::string log_stream_;
  std::shared_ptr<FunctionLog> log_;
  std::shared_ptr<RuntimeApi> api_;
  std::shared_ptr<InstanceProcess> process_;
  std::vector<std::string> control_groups_;
  int64_t credentials_end_milliseconds_ = std::numeric_limits<int64_t>::max();

  InvocationPointer invocation_;
  std::optional<Outcome> outcome_;  // of invocation_, when it is known
  SteadyTime begun_;                // the init phase or the invocation
  SteadyTime idle_since_;
  SteadyTime deadline_;  // of the invocation
  bool started_invocation_ = false;
  std::optional<double> init_milliseconds_;  // until it is reported
  double duration_milliseconds_ = 0;
};

}  // namespace millrace::functions
