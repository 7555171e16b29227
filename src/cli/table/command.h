// `millrace table`: a table's partitions.
#pragma once

#include <optional>
#include <string>

#include <CLI/App.hpp>

#include "base/result.h"
#include "cli/client/connection.h"

namespace millrace::cli::table {

struct TableFlags {
  ConnectionFlags connection;
  std::string table;
  std::optional<std::string> shard_id;
};

// Adds the subcommand "table" with its own, which fill in `flags`; they must outlive the parsing.
void add_table_command(CLI::App& app, TableFlags& flags);
// Runs what was parsed and prints what came of it on stdout.
[[nodiscard]] Status run_table_command(const TableFlags& flags);

}  // namespace millrace::cli::table
