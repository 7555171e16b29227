#include "app/audit_trail.h"

#include <fmt/format.h>

#include "audit/operations/integrity.h"
#include "buckets/durable_file.h"

namespace millrace::app {
namespace {

// AWS CLI and SDKs differ in what they put before the operation.
constexpr std::string_view kTargetPrefixes[] = {
    "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", "CloudTrail_20131101"};

void append_metric(std::string& out, std::string_view name, std::string_view type,
                   std::string_view help, uint64_t value) {
  out += fmt::format(
      "# HELP millrace_audit_{0} {1}\n# TYPE millrace_audit_{0} {2}\nmillrace_audit_{0} {3}\n",
      name, help, type, value);
}

}  // namespace

Result<std::unique_ptr<AuditTrail>> AuditTrail::open(const audit::AuditSettings& settings,
                                                     ops::Database& database,
                                                     logs::LogStore& log_store) {
  std::unique_ptr<AuditTrail> trail(new AuditTrail(settings, database, log_store));
  TRY(trail->open_parts());
  return trail;
}

Status AuditTrail::open_parts() {
  const catalog::Site& site = database_.catalog.site();
  TRY(buckets::make_directories(settings_.directory));
  spool_ = TRY(audit::Spool::open(database_.engine, database_.clock, database_.random, coverage_,
                                  settings_));
  trails_ = TRY(audit::TrailStore::open(database_.engine, coverage_));
  keys_ = TRY(audit::SigningKeys::open(settings_.directory + "/keys", database_.clock));
  delivery_ = TRY(audit::Delivery::open({database_.engine, *spool_, *trails_, *keys_, log_store_,
                                         site, database_.clock, database_.random, settings_}));
  trails_->set_listener([this] { delivery_->trails_changed(); });
  queries_ = TRY(audit::QueryService::open({*spool_, coverage_, database_.engine, database_.catalog,
                                            site, database_.clock, database_.random, settings_}));
  trail_services_ = std::make_unique<audit::TrailServices>(audit::TrailServices{
      *trails_, *delivery_, site, database_.clock, database_.random, queries_.get()});
  recorder_ =
      std::make_unique<audit::Recorder>(spool_, coverage_, database_.catalog, database_.clock,
                                        database_.random, settings_.durability);
  return Done{};
}

AuditTrail::~AuditTrail() {
  stop();
  // Waits for changes under way, which still tell the delivery.
  trail_services_.reset();
  trails_.reset();
  if (spool_) spool_->stop();
}

std::vector<api::JsonService> AuditTrail::cloudtrail_services() {
  api::JsonService service;
  service.model = "cloudtrail";
  service.plain_error_types = true;
  service.constraint_error = ErrorCode::kInvalidParameterException;
  for (auto operations :
       {audit::trail_operations(*trail_services_),
        audit::integrity_operations(*keys_, database_.clock), queries_->cloudtrail_operations()}) {
    for (auto& operation : operations) service.operations.push_back(std::move(operation));
  }
  std::vector<api::JsonService> services;
  for (const std::string_view prefix : kTargetPrefixes) {
    service.target_prefix = prefix;
    services.push_back(service);
  }
  return services;
}

std::vector<api::JsonOperation> AuditTrail::millrace_operations() {
  auto operations = audit::millrace_trail_operations(
      *keys_, [this](std::string_view name) { return trails_->find(name); },
      database_.catalog.site(), settings_);
  for (auto& operation : queries_->millrace_operations()) {
    operations.push_back(std::move(operation));
  }
  return operations;
}

std::string AuditTrail::metrics() const {
  const audit::SpoolStatistics spool = spool_->statistics();
  const audit::DeliveryCounters& delivery = delivery_->counters();
  std::string out;
  append_metric(out, "recorded_events_total", "counter", "Events of requests",
                spool.recorded_events);
  append_metric(out, "dropped_events_total", "counter", "Events dropped for lack of room",
                spool.dropped_events);
  append_metric(out, "damaged_blocks_total", "counter", "Stored events found damaged",
                spool.damaged_blocks);
  append_metric(out, "spool_bytes", "gauge", "Of events that something is still made of",
                spool.bytes);
  append_metric(out, "log_files_total", "counter", "Log files delivered", delivery.log_files);
  append_metric(out, "log_file_bytes_total", "counter", "Of log files, compressed",
                delivery.log_file_bytes);
  append_metric(out, "digests_total", "counter", "Digest files delivered", delivery.digests);
  append_metric(out, "bucket_failures_total", "counter", "Deliveries to buckets that failed",
                delivery.bucket_failures);
  append_metric(out, "log_group_events_total", "counter", "Events delivered to log groups",
                delivery.log_group_events);
  append_metric(out, "log_group_failures_total", "counter", "Deliveries to log groups that failed",
                delivery.log_group_failures);
  const auto [index, queries] = queries_->statistics();
  append_metric(out, "indexed_events_total", "counter", "Events put into the index",
                index.indexed_events);
  append_metric(out, "index_lag_events", "gauge", "Events that are not in the index yet",
                index.lag_events);
  append_metric(out, "queries_total", "counter", "Queries started", queries.started);
  append_metric(out, "failed_queries_total", "counter", "Queries that failed", queries.failed);
  append_metric(out, "timed_out_queries_total", "counter", "Queries that took too long",
                queries.timed_out);
  return out;
}

void AuditTrail::start() {
  delivery_->start();
  queries_->start();
}

void AuditTrail::stop() {
  if (spool_) spool_->stop_waiting();
  if (queries_) queries_->stop();
  if (delivery_) delivery_->stop();
}

}  // namespace millrace::app
