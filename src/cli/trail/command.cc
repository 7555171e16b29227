#include "cli/trail/command.h"

#include <CLI/CLI.hpp>

#include "cli/client/flags.h"

namespace millrace::cli::trail {

void add_trail_command(CLI::App& app, TrailFlags& flags) {
  flags.command = app.add_subcommand("trail", "Who read and changed which item");
  flags.command->require_subcommand(1);
}

Status run_trail_command(const TrailFlags& flags) {
  return flags.run();
}

}  // namespace millrace::cli::trail
