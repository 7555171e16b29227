#include "app/server_options.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace millrace::app {
namespace {

// A hundred years.
constexpr int64_t kSecondsMax = int64_t{876'000} * 60 * 60;
constexpr int64_t kMebibyte = int64_t{1} << 20;
constexpr int64_t kBytesMax = int64_t{1} << 60;

ServerOption integer(const char* section, const char* name, int64_t& (*field)(Config&),
                     int64_t maximum, const char* description) {
  return {section, name, description, field, nullptr, 1, maximum};
}

ServerOption text(const char* section, const char* name, std::string& (*field)(Config&),
                  const char* description, const char* flag = nullptr) {
  return {section, name, description, nullptr, field, 1, 0, flag};
}

bool is_choice(std::string_view choices, std::string_view value) {
  while (!choices.empty()) {
    const size_t end = std::min(choices.find(", "), choices.size());
    if (choices.substr(0, end) == value) return true;
    choices.remove_prefix(std::min(end + 2, choices.size()));
  }
  return false;
}

ServerOption choice(const char* section, const char* name, std::string& (*field)(Config&),
                    const char* choices, const char* description) {
  return {section, name, description, nullptr, field, 1, 0, nullptr, choices};
}

const auto kOptions = std::to_array<ServerOption>({
    text(
        "tls", "certificate", [](Config& c) -> std::string& { return c.http.tls.certificate_file; },
        "PEM file of the server's certificate and its issuers': it serves HTTPS alone"),
    text(
        "tls", "key", [](Config& c) -> std::string& { return c.http.tls.key_file; },
        "PEM file of the certificate's key"),
    text(
        "tls", "client_ca", [](Config& c) -> std::string& { return c.http.tls.client_ca_file; },
        "PEM file: client certificates that these issued are verified"),
    text(
        "tls", "ca", [](Config& c) -> std::string& { return c.tls_ca_file; },
        "PEM file by which functions verify this server, when the system would not"),
    integer(
        "streams", "shard_max_age_seconds",
        [](Config& c) -> int64_t& { return c.streams.shard_max_age_seconds; }, kSecondsMax,
        "An open shard that is older is rolled over to a new one (14400)"),
    integer(
        "streams", "retention_seconds",
        [](Config& c) -> int64_t& { return c.streams.retention_seconds; }, kSecondsMax,
        "How long stream records are kept (86400)"),
    integer(
        "streams", "iterator_max_age_seconds",
        [](Config& c) -> int64_t& { return c.streams.iterator_max_age_seconds; }, kSecondsMax,
        "How long a shard iterator can be used (900)"),
    integer(
        "streams", "split_size_bytes",
        [](Config& c) -> int64_t& { return c.streams.split_size_bytes; }, kBytesMax,
        "A partition that holds more is split (10 GiB)"),
    integer(
        "streams", "split_writes_per_second",
        [](Config& c) -> int64_t& { return c.streams.split_writes_per_second; }, 1'000'000'000,
        "A partition that is written more often, for a while, is split (20000)"),
    integer(
        "functions", "concurrency_max",
        [](Config& c) -> int64_t& { return c.functions.concurrency_max; }, 10'000,
        "Invocations at once of all functions, each in a process of its own (100)"),
    integer(
        "functions", "idle_seconds", [](Config& c) -> int64_t& { return c.functions.idle_seconds; },
        86'400, "How long a function's process waits for its next invocation before it ends (300)"),
    integer(
        "functions", "init_seconds", [](Config& c) -> int64_t& { return c.functions.init_seconds; },
        900, "How long a function's process may take until it asks for an invocation (10)"),
    text(
        "functions", "endpoint", [](Config& c) -> std::string& { return c.functions.endpoint; },
        "URL of a server with Lambda's Invoke API: functions without code run there",
        "--lambda-endpoint"),
    text(
        "functions", "node", [](Config& c) -> std::string& { return c.functions.node; },
        "Program of the Node.js runtimes (node)"),
    text(
        "functions", "python", [](Config& c) -> std::string& { return c.functions.python; },
        "Program of the Python runtimes (python3)"),
    {"logs", "group_bytes_max", "Of the events of a log group; the oldest go first (1 GiB)",
     [](Config& c) -> int64_t& { return c.logs.group_bytes_max; }, nullptr, kMebibyte, kBytesMax},
    choice(
        "audit", "durability", [](Config& c) -> std::string& { return c.audit_durability; },
        "async, commit",
        "async (default): events are on disk within a second; commit: the event of a write is in "
        "the write's commit"),
    choice(
        "audit", "when_full", [](Config& c) -> std::string& { return c.audit_when_full; },
        "block, drop",
        "When too many events wait for delivery: block (default) requests, or drop events and say "
        "so in the trail"),
    integer(
        "audit", "delivery_seconds", [](Config& c) -> int64_t& { return c.audit.delivery_seconds; },
        86'400, "Between two log files of a trail (300)"),
    integer(
        "audit", "digest_seconds", [](Config& c) -> int64_t& { return c.audit.digest_seconds; },
        86'400, "Between two digests of a trail (3600)"),
    {"audit", "spool_bytes_max", "Of events that wait for delivery (4 GiB)",
     [](Config& c) -> int64_t& { return c.audit.spool_bytes_max; }, nullptr, kMebibyte, kBytesMax},
    {"audit", "index_bytes_max", "Of the index of events for queries (8 GiB)",
     [](Config& c) -> int64_t& { return c.audit.index_bytes_max; }, nullptr, kMebibyte, kBytesMax},
    integer(
        "audit", "index_days", [](Config& c) -> int64_t& { return c.audit.index_days; }, 36'500,
        "How long events can be looked up (90)"),
    integer(
        "audit", "query_seconds", [](Config& c) -> int64_t& { return c.audit.query_seconds; },
        86'400, "How long a query may run (60)"),
    {"auth", "requests_per_second",
     "Of each principal; beyond it ThrottlingException (0: no limit)",
     [](Config& c) -> int64_t& { return c.auth.requests_per_second; }, nullptr, 0, 1'000'000'000},
    {"auth", "burst", "Requests at once after a pause (0: as many as in a second)",
     [](Config& c) -> int64_t& { return c.auth.burst; }, nullptr, 0, 1'000'000'000},
    text(
        "auth", "key_file", [](Config& c) -> std::string& { return c.auth.key_file; },
        "File of the key that secrets are stored with (access.key in the data directory)"),
    text(
        "destinations", "s3_endpoint",
        [](Config& c) -> std::string& { return c.destinations.s3_endpoint; },
        "URL of the service of buckets; without it they are directories below the data"),
    text(
        "destinations", "sqs_endpoint",
        [](Config& c) -> std::string& { return c.destinations.sqs_endpoint; },
        "URL of the service of queues"),
    text(
        "destinations", "sns_endpoint",
        [](Config& c) -> std::string& { return c.destinations.sns_endpoint; },
        "URL of the service of topics"),
    text(
        "destinations", "events_endpoint",
        [](Config& c) -> std::string& { return c.destinations.events_endpoint; },
        "URL of the service of event buses"),
});

}  // namespace

std::span<const ServerOption> server_options() {
  return kOptions;
}

std::string flag_of(const ServerOption& option) {
  if (option.flag != nullptr) return option.flag;
  std::string name = fmt::format("--{}-{}", option.section, option.name);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

Status set_option(Config& config, const ServerOption& option, int64_t value) {
  if (value < option.minimum || value > option.maximum) {
    return Error{ErrorCode::kInvalidConfiguration,
                 fmt::format("takes an integer from {} to {}", option.minimum, option.maximum)};
  }
  option.integer(config) = value;
  return Done{};
}

Status set_option(Config& config, const ServerOption& option, const std::string& value) {
  if (option.choices != nullptr && !is_choice(option.choices, value)) {
    return Error{ErrorCode::kInvalidConfiguration, fmt::format("takes one of {}", option.choices)};
  }
  option.text(config) = value;
  return Done{};
}

namespace {

Status set_option_from_text(Config& config, const ServerOption& option, const std::string& value) {
  if (option.text != nullptr) return set_option(config, option, value);
  int64_t number = 0;
  const char* end = value.data() + value.size();
  const auto [stopped, error] = std::from_chars(value.data(), end, number);
  const bool is_integer = error == std::errc() && stopped == end;
  return set_option(config, option, is_integer ? number : option.minimum - 1);
}

}  // namespace

Status set_option_from_flag(Config& config, const ServerOption& option, const std::string& value) {
  auto set = set_option_from_text(config, option, value);
  if (set.ok()) return set;
  return Error{set.error().code,
               fmt::format("{}: '{}': {}", flag_of(option), value, set.error().message)};
}

}  // namespace millrace::app
