// Runs versions of functions: in instances on this machine, or through the endpoint that they name,
// or, when they have no code either, the settings.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "functions/concurrency.h"
#include "functions/function.h"
#include "functions/function_log_sink.h"
#include "functions/function_runner.h"
#include "functions/invocation.h"
#include "functions/settings.h"

namespace millrace::functions {

struct InstanceSurroundings;
class InstancePool;
class RemoteFunctions;

// Thread-safe; nothing but start() and stop() blocks. One thread has all instances, a second one
// all remote calls.
class Runner final : public FunctionRunner {
 public:
  // `scratch_directory` is the runner's own: what an earlier one left there is removed.
  // InvalidConfiguration when it cannot be made. What is passed by reference must outlive the
  // runner.
  static Result<std::unique_ptr<Runner>> start(const FunctionSettings& settings,
                                               const std::string& scratch_directory,
                                               FunctionLogSink& log_sink, Random& random,
                                               const Clock& clock);
  ~Runner() override;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // By which functions reach this server, as AWS_ENDPOINT_URL; for instances that start later.
  void set_server_endpoint(std::string url);

  // `request.function` is not read; `request.qualifier` is what the function sees in its ARN.
  // `done` must not block: it holds up all others.
  void run(FunctionVersionPointer version, InvokeRequest request, InvokeDone done) override;
  void retire(const std::string& name, const std::string& revision_id) override;
  void reserve(const std::string& name, std::optional<int64_t> limit) override;

  // Kills all instances, answers what runs with ServiceException, and waits until their logs are
  // kept. Later calls are answered so, too. Idempotent.
  void stop();

 private:
  Runner(const FunctionSettings& settings, FunctionLogSink& log_sink, Random& random,
         const Clock& clock);
  void await_stop();

  const FunctionSettings settings_;
  Random& random_;
  Concurrency concurrency_;
  const std::unique_ptr<InstanceSurroundings> surroundings_;
  const std::unique_ptr<RemoteFunctions> remote_;
  const std::unique_ptr<InstancePool> pool_;  // for the thread
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

}  // namespace millrace::functions
