#include "cli/trail/command.h"

#include <CLI/CLI.hpp>

#include "cli/client/flags.h"
#include "cli/client/service_client.h"
#include "cli/trail/query_commands.h"
#include "cli/trail/rotate_key.h"

namespace millrace::cli::trail {
namespace {

void add_validate(CLI::App& trail, TrailFlags& flags) {
  CLI::App* validate =
      trail.add_subcommand("validate", "Verify digests and log files; exit 1 on any finding");
  ValidateOptions& options = flags.validate;
  validate->add_option("--trail-arn", options.trail_arn, "Of the trail")->required();
  validate
      ->add_option("--start-time", options.start_time,
                   "A time (2026-11-21T10:00:00Z), or so long ago (10m)")
      ->required();
  validate->add_option("--end-time", options.end_time, "Likewise (now)");
  auto* directory = validate->add_option("--bucket-directory", options.bucket_directory,
                                         "Where the bucket is (as the server says)");
  validate
      ->add_option("--s3-endpoint", options.s3_endpoint,
                   "URL of the S3 service with the bucket (as the server says)")
      ->excludes(directory);
  validate->add_flag("--verbose", options.verbose, "Tell of valid files, too");
  add_connection_flags(*validate, flags.connection);
  validate->final_callback([&flags] {
    flags.run = [&flags]() -> Status {
      const Connection connection = TRY(find_connection(flags.connection, process_environment()));
      return validate_trail(connection, SystemClock(), flags.validate);
    };
  });
}

void add_rotate_key(CLI::App& trail, TrailFlags& flags) {
  CLI::App* rotate =
      trail.add_subcommand("rotate-key", "Make a new key to sign digests with from now on");
  add_connection_flags(*rotate, flags.connection);
  rotate->final_callback([&flags] {
    flags.run = [&flags]() -> Status {
      const Connection connection = TRY(find_connection(flags.connection, process_environment()));
      const SystemClock clock;
      ServiceClient client(connection, clock);
      return rotate_key(client);
    };
  });
}

}  // namespace

void add_trail_command(CLI::App& app, TrailFlags& flags) {
  flags.command = app.add_subcommand("trail", "Who read and changed which item");
  flags.command->require_subcommand(1);
  add_validate(*flags.command, flags);
  add_rotate_key(*flags.command, flags);
  add_query_commands(*flags.command, flags);
}

Status run_trail_command(const TrailFlags& flags) {
  return flags.run();
}

}  // namespace millrace::cli::trail
