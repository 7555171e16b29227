#pragma once

#include "cli/trail/command.h"

namespace millrace::cli::trail {

// Adds "query" and "who" to the subcommand "trail".
void add_query_commands(CLI::App& trail, TrailFlags& flags);

}  // namespace millrace::cli::trail
