// The server's options: from a TOML file, overridden by flags (docs/configuration.md).
#pragma once

#include <cstdint>
#include <string>

#include "audit/settings.h"
#include "base/result.h"
#include "catalog/arn.h"
#include "engine/rocksdb/rocksdb_engine.h"
#include "functions/settings.h"
#include "http/server.h"
#include "jobs/background.h"
#include "logs/settings.h"
#include "streams/settings.h"
#include "triggers/destination_settings.h"

namespace millrace::app {

// Who may do what.
struct AuthConfig {
  bool enforce = false;             // false: anybody may do anything
  bool allow_open_network = false;  // that, on addresses that are not loopback too
  bool open_metrics = false;        // other machines may read GET /metrics too
  std::string key_file;             // empty: access.key in the data directory
  int64_t requests_per_second = 0;  // of each principal; 0: there is no limit
  int64_t burst = 0;                // of those at once after a pause; 0: as many as in a second
};

struct Config {
  http::ServerOptions http;  // host, port, limits and TLS
  std::string tls_ca_file;   // by which functions verify this server; empty: those of the system
  // The common name of a verified client certificate is the user of an unsigned request.
  bool tls_client_principals = false;
  std::string data_directory = "./millrace-data";
  bool memory = false;  // nothing is stored, `data_directory` is not used
  engine::Durability durability = engine::Durability::kCommit;
  catalog::Site site;
  std::string log_level = "info";
  jobs::BackgroundOptions background;
  streams::StreamSettings streams;
  functions::FunctionSettings functions;
  logs::LogSettings logs;
  triggers::DestinationSettings destinations;
  AuthConfig auth;
  audit::AuditSettings audit;
  std::string audit_durability = "async";  // or "commit"
  std::string audit_when_full = "block";   // or "drop"
  bool throttle = false;                   // provisioned throughput limits requests
  size_t block_cache_bytes = 0;            // 0: a quarter of the memory there is
  size_t write_buffer_bytes = size_t{32} * 1024 * 1024;
};

// "HOST:PORT" or "[V6]:PORT". InvalidConfiguration otherwise.
[[nodiscard]] Status set_listen(Config& config, const std::string& address);
// "commit" or "os". InvalidConfiguration otherwise.
[[nodiscard]] Status set_durability(Config& config, const std::string& text);

// Applies the file. InvalidConfiguration, naming line or option, for a file that cannot be read, is
// not TOML, or holds an option that is unknown or of the wrong type.
[[nodiscard]] Status read_config_file(const std::string& path, Config& config);

// What can only be said of the whole: where anybody may do anything, only loopback addresses will
// do.
[[nodiscard]] Status check_config(const Config& config);

}  // namespace millrace::app
