// The audit trail, put together: from the recorder, through the spool, to log files, log groups and
// the index of events.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/service.h"
#include "app/config.h"
#include "audit/delivery/delivery.h"
#include "audit/query/query_service.h"
#include "audit/recorder.h"
#include "audit/signing_keys.h"
#include "audit/trail.h"
#include "audit/trail_operations.h"
#include "logs/log_store.h"
#include "ops/database.h"

namespace millrace::app {

class AuditTrail {
 public:
  // InvalidConfiguration when a directory or a key cannot be used, InternalServerError when what is
  // stored is damaged. All of it outlives the trail; `settings` has the directories.
  [[nodiscard]] static Result<std::unique_ptr<AuditTrail>> open(
      const audit::AuditSettings& settings, ops::Database& database, logs::LogStore& log_store);
  ~AuditTrail();

  [[nodiscard]] const audit::Recorder& recorder() const { return *recorder_; }
  // The CloudTrail API, under both names that clients have for it.
  [[nodiscard]] std::vector<api::JsonService> cloudtrail_services();
  // Of the service Millrace_20261101.
  [[nodiscard]] std::vector<api::JsonOperation> millrace_operations();
  // In Prometheus' text format.
  [[nodiscard]] std::string metrics() const;

  void start();
  // No request waits for room any more; log files, log groups and the index are left as they are
  // until the next start. Events are still recorded, until it is destroyed.
  void stop();

 private:
  AuditTrail(const audit::AuditSettings& settings, ops::Database& database,
             logs::LogStore& log_store)
      : settings_(settings), database_(database), log_store_(log_store) {}
  Status open_parts();

  const audit::AuditSettings settings_;
  ops::Database& database_;
  logs::LogStore& log_store_;
  // In the order in which they need one another.
  audit::Coverage coverage_;
  std::shared_ptr<audit::Spool> spool_;
  std::unique_ptr<audit::TrailStore> trails_;
  std::unique_ptr<audit::SigningKeys> keys_;
  std::unique_ptr<audit::Delivery> delivery_;
  std::unique_ptr<audit::QueryService> queries_;
  std::unique_ptr<audit::TrailServices> trail_services_;
  std::unique_ptr<audit::Recorder> recorder_;
};

}  // namespace millrace::app
