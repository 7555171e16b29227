// `millrace trail`: what was done, by whom, and whether the record of it is whole.
#pragma once

#include <functional>
#include <string>

#include <CLI/App.hpp>

#include "base/result.h"
#include "cli/client/connection.h"
#include "cli/trail/validate.h"

namespace millrace::cli::trail {

struct TrailFlags {
  ConnectionFlags connection;
  ValidateOptions validate;
  CLI::App* command = nullptr;  // the subcommand "trail"
  std::function<Status()> run;  // the subcommand of it that was chosen
};

// Adds the subcommand "trail" with its own, which fill in `flags`; they must outlive the parsing.
void add_trail_command(CLI::App& app, TrailFlags& flags);
// Runs what was parsed, with its output on stdout.
[[nodiscard]] Status run_trail_command(const TrailFlags& flags);

}  // namespace millrace::cli::trail
