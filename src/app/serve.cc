#include "app/serve.h"

#include <cstdio>
#include <pthread.h>
#include <signal.h>

#include <fmt/format.h>

#include "app/access_control.h"
#include "app/available_memory.h"
#include "app/services.h"
#include "app/start_memory.h"
#include "base/log.h"
#include "engine/memory/memory_engine.h"
#include "engine/rocksdb/rocksdb_engine.h"
#include "jobs/background.h"
#include "ops/database.h"
#include "wire/front_end.h"

namespace millrace::app {
namespace {

constexpr std::chrono::seconds kStopGrace{10};

Result<std::unique_ptr<engine::Engine>> open_engine(const Config& config) {
  if (config.memory) return engine::open_memory_engine();
  engine::RocksdbOptions options;
  options.directory = config.data_directory;
  options.durability = config.durability;
  options.block_cache_bytes = config.block_cache_bytes > 0
                                  ? config.block_cache_bytes
                                  : static_cast<size_t>(available_memory_bytes() / 4);
  options.write_buffer_bytes = config.write_buffer_bytes;
  return engine::open_rocksdb_engine(options);
}

// SIGTERM, SIGINT and SIGHUP wait for wait_for_stop(), in every thread that is made after this.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void reload_tls(http::Server& server) {
  const Status reloaded = server.reload_tls();
  if (reloaded.ok()) {
    log::info("certificates are reloaded");
  } else {
    log::error("certificates are not reloaded: the old ones stay",
               {{"error", reloaded.error().message}});
  }
}

// SIGHUP reloads the certificates.
void wait_for_stop(const sigset_t& signals, const Config& config, http::Server& server) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0 || signal == SIGHUP) {
    if (signal == SIGHUP && config.http.tls.enabled()) reload_tls(server);
    signal = 0;
  }
  log::info("stopping", {{"signal", std::to_string(signal)}});
}

std::string address_of(const Config& config, const std::string& host, uint16_t port) {
  const bool is_v6 = host.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(is_v6 ? "{}://[{}]:{}" : "{}://{}:{}"),
                     config.http.tls.enabled() ? "https" : "http", host, port);
}

// By which this machine reaches it, and which a certificate may have.
std::string local_host(const Config& config) {
  if (config.http.host == "0.0.0.0") return "127.0.0.1";
  return config.http.host == "::" ? "::1" : config.http.host;
}

// In a form that a shell takes. Not by the log, which is kept.
void show_new_root_key(const iam::AccessKey& key) {
  fmt::print(
      "The root access key, which is shown this once:\n"
      "export AWS_ACCESS_KEY_ID={}\n"
      "export AWS_SECRET_ACCESS_KEY={}\n",
      key.access_key_id, key.secret_access_key);
  std::fflush(stdout);
}

void show_address(const Config& config, const std::string& address) {
  fmt::print(
      "listening on {0}\n"
      "try: {1}aws --endpoint-url {0} --region {2} dynamodb list-tables\n",
      address, config.auth.enforce ? "" : "AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any ",
      config.site.region);
  std::fflush(stdout);
}

}  // namespace

Status serve(const Config& config) {
  TRY(check_config(config));
  TRY(log::set_level(config.log_level));
  const sigset_t signals = block_signals();

  const SystemClock clock;
  Random system_random = Random::from_system();
  // Drawn from on every request, so not from the operating system.
  Random random(system_random.next());
  // Made first and destroyed last: the engine's last commits still run through what stands above
  // it.
  std::unique_ptr<catalog::Catalog> catalog;
  std::unique_ptr<ops::Database> database;
  triggers::SchedulerThread scheduler;
  auto engine = TRY(open_engine(config));
  catalog = TRY(catalog::Catalog::open(*engine, config.site));
  database = TRY(ops::Database::open(*engine, *catalog, clock, system_random, random));
  database->stream_settings = config.streams;
  if (config.throttle) database->throttle->enable();
  auto background = std::make_unique<jobs::Background>(*database, config.background);
  auto access_control = TRY(AccessControl::open(config, *database, system_random));
  if (const auto key = access_control->new_root_key()) show_new_root_key(*key);
  auto services = TRY(Services::open(config, *database, *access_control, scheduler, system_random));
  wire::FrontEnd front_end(
      config.site, random,
      {.json_services = services->json_services(),
       .rest_services = services->rest_services(),
       .query_services = access_control->query_services(),
       .write_metrics = [&](auto done) { services->write_metrics(std::move(done)); },
       .recorder = &services->recorder(),
       .gate = &access_control->gate(),
       .open_metrics = config.auth.open_metrics});
  http::ServerOptions http_options = config.http;
  http_options.takes_large_body = wire::takes_large_body;
  http_options.large_body_bytes_max = wire::kLargeBodyBytesMax;
  auto server = TRY(http::Server::listen(http_options, front_end));
  server->start();

  const std::string address = address_of(config, config.http.host, server->port());
  services->start(address_of(config, local_host(config), server->port()));
  show_address(config, address);
  log::info("serving", {{"address", address},
                        {"data", config.memory ? "memory" : config.data_directory},
                        {"tables", std::to_string(catalog->table_count())},
                        {"access", config.auth.enforce ? "enforced" : "open"}});
  release_start_pages();

  wait_for_stop(signals, config, *server);
  services->stop(kStopGrace);
  database->record_waits.stop();
  server->stop(kStopGrace);
  background.reset();
  services.reset();
  access_control.reset();
  engine.reset();
  log::info("stopped");
  return Done{};
}

}  // namespace millrace::app
