#include "cli/trigger/command.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/client/flags.h"
#include "cli/stream/time_text.h"
#include "cli/trigger/control.h"
#include "cli/trigger/list.h"
#include "cli/trigger/logs.h"

namespace millrace::cli::trigger {

namespace {

constexpr auto kTimeout = std::chrono::seconds(60);
// A function may run for a quarter of an hour.
constexpr auto kInvokeTimeout = std::chrono::seconds(16 * 60);

constexpr const char* kTargetHelp = "A function's name, a table's, or a trigger's UUID";

std::string check_time(const std::string& text) {
  if (stream::parse_time(text, 0)) return {};
  return "'" + text + "' is not a time such as 2026-11-21T10:00:00Z or 10m";
}

std::string check_replay_position(const std::string& text) {
  if (parse_replay_position(text, 0)) return {};
  return "'" + text +
         "' is neither trim-horizon, latest nor a time such as 2026-11-21T10:00:00Z or 10m";
}

void add_format(CLI::App& command, bool& as_json) {
  const std::map<std::string, bool> formats = {{"table", false}, {"json", true}};
  command.add_option("--format", as_json, "table (default) or json")
      ->transform(CLI::CheckedTransformer(formats).description(""));
}

void add_function_options(CLI::App& add, AddOptions& options) {
  constexpr const char* kGroup = "The function, when TARGET is code";
  add.add_option("--name", options.name, "Its name (TABLE-FILE)")->group(kGroup);
  add.add_option("--runtime", options.runtime, "nodejs20.x, python3.11, provided.al2023 …")
      ->group(kGroup);
  add.add_option("--handler", options.handler, "FILE.EXPORT (found in the code)")->group(kGroup);
  add.add_option("--role", options.role, "ARN of its role")->group(kGroup);
  add.add_option("--env", options.environment, "NAME=VALUE of its environment; repeatable")
      ->allow_extra_args(false)
      ->group(kGroup);
  add.add_option("--timeout", options.timeout_seconds, "Seconds of a call (3)")->group(kGroup);
  add.add_option("--memory", options.memory_mebibytes, "MiB (128)")->group(kGroup);
}

void add_mapping_options(CLI::App& add, AddOptions& options) {
  constexpr const char* kGroup = "How it is called; what is not given stays as it is";
  auto number = [&](const char* name, std::optional<int64_t>& value, const char* help) {
    add.add_option(name, value, help)->group(kGroup);
  };
  number("--batch-size", options.batch_size, "Records of a call at most (100)");
  number("--batching-window", options.batching_window_seconds, "Seconds to fill a batch (0)");
  const std::map<std::string, std::string> positions = {{"latest", "LATEST"},
                                                        {"trim-horizon", "TRIM_HORIZON"}};
  add.add_option("--starting-position", options.starting_position,
                 "latest (default) or trim-horizon, of a new trigger")
      ->transform(CLI::CheckedTransformer(positions).description(""))
      ->group(kGroup);
  number("--parallelization-factor", options.parallelization_factor,
         "Batches of a shard at once (1)");
  number("--maximum-retry-attempts", options.maximum_retry_attempts, "-1, the default: any");
  number("--maximum-record-age", options.maximum_record_age_seconds,
         "Seconds; -1, the default: any");
  number("--tumbling-window", options.tumbling_window_seconds, "Seconds (0: none)");
  add.add_flag("--bisect,!--no-bisect", options.bisects, "Halve a batch that fails")->group(kGroup);
  add.add_flag("--report-batch-item-failures,!--no-report-batch-item-failures",
               options.reports_batch_item_failures, "The function tells which records failed")
      ->group(kGroup);
  add.add_option("--filter", options.filters,
                 "JSON of an event pattern, @FILE of one, or none; repeatable: any of them")
      ->allow_extra_args(false)
      ->group(kGroup);
  add.add_option("--on-failure", options.on_failure, "ARN of where failed batches go, or none")
      ->group(kGroup);
  add.add_flag("--disabled,!--enabled", options.disabled, "Make it, but do not run it")
      ->group(kGroup);
}

void add_add(CLI::App& trigger, TriggerFlags& flags) {
  CLI::App* add = trigger.add_subcommand("add", "Run a function for the changes of a table");
  add->add_option("TABLE", flags.add.table, "Whose latest stream it follows")->required();
  add->add_option("TARGET", flags.add.target,
                  "A file or a directory of code, a zip file, or a function's name or ARN")
      ->required();
  add->add_flag("--enable-stream", flags.add.enable_stream, "Enable a stream if there is none");
  add->add_option("--view-type", flags.add.view_type, "Of that stream (NEW_AND_OLD_IMAGES)")
      ->check(CLI::IsMember({"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"})
                  .description(""));
  add_mapping_options(*add, flags.add);
  add_function_options(*add, flags.add);
  add_connection_flags(*add, flags.connection);
}

void add_logs(CLI::App& trigger, TriggerFlags& flags) {
  CLI::App* logs = trigger.add_subcommand("logs", "What functions print");
  logs->add_option("TARGET", flags.target, "A function's name, or a table's: of all its functions")
      ->required();
  logs->add_flag("-f,--follow", flags.follow, "Go on with what comes");
  logs->add_option("--since", flags.since,
                   "A time (2026-11-21T10:00:00Z) or so long ago (10m, the default)")
      ->check(CLI::Validator(check_time, ""));
  add_format(*logs, flags.as_json);
  add_connection_flags(*logs, flags.connection);
}

CLI::App* add_targeted(CLI::App& trigger, TriggerFlags& flags, const char* name,
                       const char* description) {
  CLI::App* command = trigger.add_subcommand(name, description);
  command->add_option("TARGET", flags.target, kTargetHelp)->required();
  add_connection_flags(*command, flags.connection);
  return command;
}

Status run_logs(const TriggerFlags& flags, ServiceClient& client, const Clock& clock) {
  const auto since = stream::parse_time(flags.since, clock.now_milliseconds() / 1000);
  MILLRACE_CHECK(since.has_value());
  return print_logs(client, {.target = flags.target,
                             .since_milliseconds = *since * 1000,
                             .follow = flags.follow,
                             .as_json = flags.as_json});
}

}  // namespace

void add_trigger_command(CLI::App& app, TriggerFlags& flags) {
  flags.command = app.add_subcommand("trigger", "Functions that run for the changes of tables");
  flags.command->require_subcommand(1);
  add_add(*flags.command, flags);

  CLI::App* list = flags.command->add_subcommand("ls", "List triggers");
  list->add_option("TABLE", flags.table, "Only this table's");
  add_format(*list, flags.as_json);
  add_connection_flags(*list, flags.connection);

  add_logs(*flags.command, flags);
  add_targeted(*flags.command, flags, "pause", "Stop calling; the position is kept");
  add_targeted(*flags.command, flags, "resume", "Go on calling where it was paused");
  CLI::App* replay = add_targeted(*flags.command, flags, "replay", "Go on from another position");
  replay
      ->add_option("--from", flags.from,
                   "trim-horizon, latest, a time (2026-11-21T10:00:00Z) or so long ago (10m)")
      ->required()
      ->check(CLI::Validator(check_replay_position, ""));
  CLI::App* remove = add_targeted(*flags.command, flags, "rm", "Remove triggers");
  remove->add_flag("--function", flags.with_function, "And the functions that they call");

  CLI::App* invoke = flags.command->add_subcommand("invoke", "Call a function once");
  invoke->add_option("NAME", flags.target, "Of the function")->required();
  invoke->add_option("--payload", flags.payload, "JSON, or a file of it ({})");
  add_connection_flags(*invoke, flags.connection);
}

Status run_trigger_command(const TriggerFlags& flags) {
  const Connection connection = TRY(find_connection(flags.connection, process_environment()));
  const SystemClock clock;
  auto is = [&](const char* name) { return flags.command->got_subcommand(name); };
  ServiceClient client(connection, clock, is("invoke") ? kInvokeTimeout : kTimeout);
  if (is("add")) return add_trigger(client, flags.add);
  if (is("logs")) return run_logs(flags, client, clock);
  if (is("pause") || is("resume")) return set_enabled(client, flags.target, is("resume"));
  if (is("rm")) return remove_triggers(client, flags.target, flags.with_function);
  if (is("invoke")) return invoke(client, flags.target, flags.payload);
  if (is("replay")) {
    const auto from = parse_replay_position(flags.from, clock.now_milliseconds() / 1000);
    MILLRACE_CHECK(from.has_value());
    return replay(client, flags.target, *from);
  }
  fmt::print("{}", TRY(flags.as_json ? triggers_json(client, flags.table)
                                     : triggers_text(client, flags.table)));
  return Done{};
}

}  // namespace millrace::cli::trigger
