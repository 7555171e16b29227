#include "app/services.h"

#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>

#include "app/audit_trail.h"
#include "functions/event_queue.h"
#include "functions/function_api.h"
#include "functions/runner.h"
#include "functions/runner_updates.h"
#include "functions/store_invoker.h"
#include "logs/service.h"
#include "triggers/event_source_mapping_operations.h"
#include "triggers/failure_destinations.h"
#include "triggers/log_signal.h"
#include "triggers/mapping_tags.h"
#include "triggers/metrics.h"
#include "triggers/operations.h"
#include "wire/service.h"

namespace millrace::app {
namespace {

// Functions' output into the log groups.
class LogSink final : public functions::FunctionLogSink {
 public:
  explicit LogSink(logs::LogStore& store) : store_(store) {}
  void append(const std::string& group, const std::string& stream,
              std::vector<logs::LogEvent> events, std::function<void(Status)> done) override {
    store_.append(group, stream, std::move(events), std::move(done));
  }

 private:
  logs::LogStore& store_;
};

// A server that keeps nothing has its directories below a temporary one.
class Directories {
 public:
  explicit Directories(const Config& config)
      : root_(config.memory
                  ? std::filesystem::temp_directory_path() / fmt::format("millrace-{}", getpid())
                  : std::filesystem::absolute(config.data_directory)),
        temporary_(config.memory) {}
  ~Directories() {
    std::error_code ignored;
    if (temporary_) std::filesystem::remove_all(root_, ignored);
  }
  Directories(const Directories&) = delete;
  Directories& operator=(const Directories&) = delete;

  [[nodiscard]] std::string path(const char* name) const { return root_ / name; }

 private:
  const std::filesystem::path root_;
  const bool temporary_;
};

functions::FunctionSettings function_settings(const Config& config, AccessControl& access_control) {
  functions::FunctionSettings settings = config.functions;
  settings.assume_role = access_control.assume_role();
  settings.region = config.site.region;
  if (!config.tls_ca_file.empty()) {
    settings.ca_file = std::filesystem::absolute(config.tls_ca_file);
  }
  if (!config.destinations.access_key_id.empty()) {
    settings.credentials = {config.destinations.access_key_id,
                            config.destinations.secret_access_key, ""};
  }
  return settings;
}

triggers::DestinationSettings destination_settings(const Config& config,
                                                   const Directories& directories) {
  triggers::DestinationSettings settings = config.destinations;
  settings.buckets_directory = directories.path("buckets");
  settings.region = config.site.region;
  return settings;
}

audit::AuditSettings audit_settings(const Config& config, const Directories& directories) {
  audit::AuditSettings settings = config.audit;
  settings.durability =
      config.audit_durability == "commit" ? audit::Durability::kCommit : audit::Durability::kAsync;
  settings.when_full =
      config.audit_when_full == "drop" ? audit::WhenFull::kDrop : audit::WhenFull::kBlock;
  settings.buckets_directory = directories.path("buckets");
  settings.directory = directories.path("audit");
  settings.s3_endpoint = config.destinations.s3_endpoint;
  settings.s3_region = config.site.region;
  settings.s3_access_key_id = config.destinations.access_key_id;
  settings.s3_secret_access_key = config.destinations.secret_access_key;
  return settings;
}

functions::ResourceTags mapping_tags(const catalog::Site& site, triggers::MappingStore& store) {
  const auto uuid_of = [site](const std::string& arn) {
    return triggers::mapping_uuid_of_arn(site, arn).value_or("");
  };
  functions::ResourceTags tags;
  tags.add = [&store, uuid_of](const std::string& arn, std::map<std::string, std::string> added,
                               std::function<void(Status)> done) {
    triggers::tag_mapping(store, uuid_of(arn), std::move(added), std::move(done));
  };
  tags.remove = [&store, uuid_of](const std::string& arn, std::vector<std::string> keys,
                                  std::function<void(Status)> done) {
    triggers::untag_mapping(store, uuid_of(arn), std::move(keys), std::move(done));
  };
  tags.list = [&store, uuid_of](const std::string& arn) {
    return triggers::list_mapping_tags(store, uuid_of(arn));
  };
  return tags;
}

// With its qualifier. Where there is an endpoint for functions that are not here, it is asked when
// the function is called.
Result<std::string> function_arn_of(const functions::FunctionStore& store, const Config& config,
                                    std::string_view text) {
  auto found = functions::find_version(store, config.site, text);
  const auto name = TRY(functions::read_function_name(config.site, text));
  if (!found.ok() && config.functions.endpoint.empty()) return std::move(found).error();
  return functions::function_arn(config.site, name.name, name.qualifier);
}

// The members are in the order in which they need one another.
struct Parts {
  Parts(const Config& server_config, ops::Database& server_database,
        AccessControl& server_access_control, triggers::SchedulerThread& server_scheduler)
      : config(server_config),
        database(server_database),
        access_control(server_access_control),
        scheduler(server_scheduler),
        directories(server_config) {}

  const Config& config;
  ops::Database& database;
  AccessControl& access_control;
  triggers::SchedulerThread& scheduler;
  const Directories directories;
  std::unique_ptr<logs::LogStore> log_store;
  std::unique_ptr<LogSink> log_sink;
  std::unique_ptr<AuditTrail> audit_trail;
  std::unique_ptr<functions::Runner> runner;
  std::unique_ptr<functions::CodeStore> codes;
  std::unique_ptr<functions::FunctionStore> functions;
  std::unique_ptr<functions::StoreInvoker> invoker;
  std::unique_ptr<functions::EventQueue> events;
  std::unique_ptr<functions::FunctionApi> function_api;
  std::unique_ptr<triggers::MappingStore> mappings;
  std::unique_ptr<triggers::EndpointDestinations> destinations;
  std::unique_ptr<triggers::MappingServices> mapping_services;
  std::unique_ptr<triggers::LogSignal> signal;
  std::unique_ptr<triggers::Triggers> triggers;

  ~Parts() {
    events.reset();
    if (codes) codes->stop();
  }

  Status open_logs();
  Status open_audit_trail();
  Status open_functions(Random& secrets);
  Status open_triggers();
};

Status Parts::open_logs() {
  log_store = TRY(logs::LogStore::open(database.engine, database.clock, config.logs));
  log_sink = std::make_unique<LogSink>(*log_store);
  return Done{};
}

Status Parts::open_audit_trail() {
  audit_trail = TRY(AuditTrail::open(audit_settings(config, directories), database, *log_store));
  return Done{};
}

Status Parts::open_functions(Random& secrets) {
  runner = TRY(functions::Runner::start(function_settings(config, access_control),
                                        directories.path("scratch"), *log_sink, secrets,
                                        database.clock));
  codes = TRY(functions::CodeStore::open({directories.path("functions")}, secrets));
  functions = TRY(functions::FunctionStore::open(database.engine, *codes));
  functions::keep_runner_updated(*functions, *runner);
  invoker = std::make_unique<functions::StoreInvoker>(*functions, config.site, database.random,
                                                      *runner, !config.functions.endpoint.empty());
  events =
      TRY(functions::EventQueue::open(database.engine, *functions, *invoker, database.clock, {}));
  function_api = std::make_unique<functions::FunctionApi>(functions::FunctionApi{
      config.site, database.clock, database.random, *functions, *codes, *invoker, *events,
      secrets.bytes(32), config.functions.concurrency_max, !config.functions.endpoint.empty()});
  function_api->is_role_for_functions = access_control.is_role_for_functions();
  access_control.set_functions(*functions);
  return Done{};
}

Status Parts::open_triggers() {
  mappings = TRY(triggers::MappingStore::open(database.engine));
  function_api->mapping_tags = mapping_tags(config.site, *mappings);
  destinations = std::make_unique<triggers::EndpointDestinations>(
      destination_settings(config, directories), *invoker, database.random);
  signal = std::make_unique<triggers::LogSignal>(database.record_waits);
  triggers = std::make_unique<triggers::Triggers>(
      triggers::Environment{database, scheduler, *signal, *invoker, *destinations}, *mappings);
  mapping_services = std::make_unique<triggers::MappingServices>(triggers::MappingServices{
      *mappings, database.catalog, database.clock, database.random, *destinations,
      [this](std::string_view name) -> Result<std::string> {
        return function_arn_of(*functions, config, name);
      },
      [this](const std::string& uuid) { return triggers->last_processing_result(uuid); }});
  return Done{};
}

class AllServices final : public Services {
 public:
  AllServices(const Config& config, ops::Database& database, AccessControl& access_control,
              triggers::SchedulerThread& scheduler)
      : parts_(config, database, access_control, scheduler) {}
  ~AllServices() override { stop(std::chrono::milliseconds(0)); }

  Status open(Random& secrets) {
    TRY(parts_.open_logs());
    TRY(parts_.open_audit_trail());
    TRY(parts_.open_functions(secrets));
    return parts_.open_triggers();
  }

  std::vector<api::JsonService> json_services() override {
    std::vector<api::JsonService> services = wire::database_services(parts_.database);
    for (api::JsonService& service : services) {
      if (service.model != "millrace") continue;
      for (auto& operation : triggers::trigger_operations(*parts_.triggers)) {
        service.operations.push_back(std::move(operation));
      }
      for (auto& operation : parts_.audit_trail->millrace_operations()) {
        service.operations.push_back(std::move(operation));
      }
    }
    for (auto& service : parts_.audit_trail->cloudtrail_services()) {
      services.push_back(std::move(service));
    }
    services.push_back(logs::logs_service(*parts_.log_store, parts_.config.site));
    return services;
  }

  std::vector<api::RestService> rest_services() override {
    api::RestService service = functions::function_service(*parts_.function_api);
    for (auto& operation : triggers::event_source_mapping_operations(*parts_.mapping_services)) {
      service.operations.push_back(std::move(operation));
    }
    return {std::move(service)};
  }

  void write_metrics(std::function<void(Result<std::string>)> done) override {
    triggers::write_metrics(*parts_.triggers,
                            [this, done = std::move(done)](Result<std::string> page) {
                              if (page.ok()) *page += parts_.audit_trail->metrics();
                              done(std::move(page));
                            });
  }

  const audit::Recorder& recorder() const override { return parts_.audit_trail->recorder(); }

  void start(const std::string& endpoint) override {
    parts_.runner->set_server_endpoint(endpoint);
    parts_.triggers->start();
    parts_.audit_trail->start();
  }

  void stop(std::chrono::milliseconds grace) override {
    if (stopped_) return;
    stopped_ = true;
    if (parts_.audit_trail) parts_.audit_trail->stop();
    if (parts_.triggers) parts_.triggers->stop(grace);
    if (parts_.runner) parts_.runner->stop();
    parts_.scheduler.stop();
  }

 private:
  Parts parts_;
  bool stopped_ = false;
};

}  // namespace

Result<std::unique_ptr<Services>> Services::open(const Config& config, ops::Database& database,
                                                 AccessControl& access_control,
                                                 triggers::SchedulerThread& scheduler,
                                                 Random& secrets) {
  auto services = std::make_unique<AllServices>(config, database, access_control, scheduler);
  TRY(services->open(secrets));
  return std::unique_ptr<Services>(std::move(services));
}

}  // namespace millrace::app
