#pragma once

#include <CLI/App.hpp>

#include "cli/client/connection.h"

namespace millrace::cli {

// Adds --endpoint-url, --profile, --ca-bundle and --region to a client subcommand; `flags` must
// outlive the parsing.
void add_connection_flags(CLI::App& command, ConnectionFlags& flags);

}  // namespace millrace::cli
