// Everything behind the front end besides the database: log groups, the audit trail, functions, and
// the triggers that bring changes to functions. Made and ended in the order in which they need one
// another.
#pragma once

#include <memory>

#include "api/service.h"
#include "app/access_control.h"
#include "app/config.h"
#include "audit/recorder.h"
#include "ops/database.h"
#include "triggers/scheduler.h"

namespace millrace::app {

// Ends what it has when destroyed.
class Services {
 public:
  virtual ~Services() = default;

  // InvalidConfiguration when a directory cannot be used, InternalServerError when what is stored
  // is damaged. All that is passed by reference outlives it, the scheduler also the engine, whose
  // last commits still call it. `secrets` makes keys.
  static Result<std::unique_ptr<Services>> open(const Config& config, ops::Database& database,
                                                AccessControl& access_control,
                                                triggers::SchedulerThread& scheduler,
                                                Random& secrets);

  [[nodiscard]] virtual std::vector<api::JsonService> json_services() = 0;
  [[nodiscard]] virtual std::vector<api::RestService> rest_services() = 0;
  // To be told of every request.
  [[nodiscard]] virtual const audit::Recorder& recorder() const = 0;
  // The page of metrics.
  virtual void write_metrics(std::function<void(Result<std::string>)> done) = 0;

  // Begins to work: the triggers go on where they were. `endpoint` is this server's URL.
  virtual void start(const std::string& endpoint) = 0;
  // Ends the triggers and then the functions. What they do is over within `grace`, or is cut off
  // and repeated after the next start. Requests that need them fail from then on.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace millrace::app
