#include "cli/stream/command.h"

#include <csignal>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/client/flags.h"
#include "cli/stream/list.h"
#include "cli/stream/record_output.h"
#include "cli/stream/retention.h"
#include "cli/stream/statistics.h"
#include "cli/stream/stream_description.h"
#include "cli/stream/tail.h"

namespace millrace::cli::stream {

namespace {

std::string check_from(const std::string& text) {
  if (parse_position(text, 0)) return {};
  return "'" + text +
         "' is neither trim-horizon, latest, a sequence number nor a time such as "
         "2026-11-21T10:00:00Z or 10m";
}

void add_tail(CLI::App& stream, StreamFlags& flags) {
  CLI::App* tail = stream.add_subcommand("tail", "Print the records of a stream");
  tail->add_option("TABLE", flags.table, "Whose latest stream it is; or the ARN of a stream")
      ->required();
  tail->add_option("--from", flags.from,
                   "trim-horizon (default), latest (default with --follow), a sequence number, a "
                   "time (2026-11-21T10:00:00Z) or so long ago (30s, 10m, 2h, 7d)")
      ->check(CLI::Validator(check_from, ""));
  tail->add_flag("--follow", flags.follow, "Go on until the stream is disabled");
  const std::map<std::string, RecordFormat> formats = {{"json", RecordFormat::kJson},
                                                       {"lambda", RecordFormat::kLambda},
                                                       {"pretty", RecordFormat::kPretty}};
  tail->add_option("--format", flags.format,
                   "json: as the API gives a record (default); lambda: as a Lambda function gets "
                   "it; pretty: a diff of the images (default on a terminal)")
      ->transform(CLI::CheckedTransformer(formats).description(""));
  const std::map<std::string, ColourMode> modes = {
      {"auto", ColourMode::kAuto}, {"always", ColourMode::kAlways}, {"never", ColourMode::kNever}};
  tail->add_option("--color", flags.colour,
                   "auto (default: on a terminal, unless NO_COLOR is set), always or never")
      ->transform(CLI::CheckedTransformer(modes).description(""));
  add_connection_flags(*tail, flags.connection);
}

bool is_coloured(ColourMode mode, const Environment& environment) {
  if (mode != ColourMode::kAuto) return mode == ColourMode::kAlways;
  return isatty(STDOUT_FILENO) == 1 && !environment("NO_COLOR");
}

Status run_tail(const StreamFlags& flags, const Connection& connection, const Clock& clock,
                ServiceClient& client) {
  const std::string arn = TRY(find_stream(client, *flags.table));
  const std::string from = flags.from.value_or(flags.follow ? "latest" : "trim-horizon");
  const auto position = parse_position(from, clock.now_milliseconds() / 1000);
  MILLRACE_CHECK(position.has_value());
  const bool is_terminal = isatty(STDOUT_FILENO) == 1;
  const RecordFormat format =
      flags.format.value_or(is_terminal ? RecordFormat::kPretty : RecordFormat::kJson);
  // A reader that has seen enough ends the tail, and is no error.
  std::signal(SIGPIPE, SIG_IGN);
  RecordOutput output(STDOUT_FILENO,
                      {arn, format, is_coloured(flags.colour, process_environment())});
  Warnings warnings;
  return tail(connection, clock, {.stream_arn = arn, .from = *position, .follows = flags.follow},
              output, warnings);
}

}  // namespace

void add_stream_command(CLI::App& app, StreamFlags& flags) {
  flags.command = app.add_subcommand("stream", "Read streams, and how they are");
  flags.command->require_subcommand(1);
  add_tail(*flags.command, flags);

  CLI::App* list = flags.command->add_subcommand("ls", "List streams");
  list->add_option("TABLE", flags.table, "Only this table's");
  add_connection_flags(*list, flags.connection);

  CLI::App* statistics =
      flags.command->add_subcommand("stats", "Records, bytes, rate and lag of every shard");
  statistics->add_option("TABLE", flags.table, "Only this table's");
  add_connection_flags(*statistics, flags.connection);

  CLI::App* retention =
      flags.command->add_subcommand("retention", "How long a table's records are kept");
  retention->add_option("TABLE", flags.table, "Name of the table")->required();
  retention->add_option("--hours", flags.hours, "Keep them so long from now on")
      ->check(CLI::PositiveNumber);
  add_connection_flags(*retention, flags.connection);
}

Status run_stream_command(const StreamFlags& flags) {
  const Connection connection = TRY(find_connection(flags.connection, process_environment()));
  const SystemClock clock;
  ServiceClient client(connection, clock);
  if (flags.command->got_subcommand("tail")) return run_tail(flags, connection, clock, client);
  if (flags.command->got_subcommand("ls")) {
    fmt::print("{}", TRY(list_streams_text(client, flags.table)));
  } else if (flags.command->got_subcommand("stats")) {
    fmt::print("{}", TRY(statistics_text(client, flags.table)));
  } else {
    if (flags.hours) TRY(set_retention_hours(client, *flags.table, *flags.hours));
    fmt::print("{}", TRY(retention_text(client, *flags.table)));
  }
  return Done{};
}

}  // namespace millrace::cli::stream
