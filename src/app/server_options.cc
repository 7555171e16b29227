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

const auto kOptions = std::to_array<ServerOption>({
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

Status set_option_from_flag(Config& config, const ServerOption& option, const std::string& value) {
  if (option.text != nullptr) {
    option.text(config) = value;
    return Done{};
  }
  int64_t number = 0;
  const char* end = value.data() + value.size();
  const auto [stopped, error] = std::from_chars(value.data(), end, number);
  const bool is_integer = error == std::errc() && stopped == end;
  auto set = set_option(config, option, is_integer ? number : option.minimum - 1);
  if (set.ok()) return set;
  return Error{set.error().code,
               fmt::format("{}: '{}': {}", flag_of(option), value, set.error().message)};
}

}  // namespace millrace::app
