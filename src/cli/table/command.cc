#include "cli/table/command.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/client/flags.h"
#include "cli/table/split.h"

namespace millrace::cli::table {

namespace {

// The server answers when the split is done.
constexpr auto kSplitTimeout = std::chrono::minutes(10);

}  // namespace

void add_table_command(CLI::App& app, TableFlags& flags) {
  CLI::App* table = app.add_subcommand("table", "Partitions of a table");
  table->require_subcommand(1);
  CLI::App* split = table->add_subcommand("split", "Split partitions in two");
  split->add_option("NAME", flags.table, "Of the table")->required();
  split->add_option("--shard", flags.shard_id, "Only the partition of this open shard");
  add_connection_flags(*split, flags.connection);
}

Status run_table_command(const TableFlags& flags) {
  const Connection connection = TRY(find_connection(flags.connection, process_environment()));
  const SystemClock clock;
  ServiceClient client(connection, clock, kSplitTimeout);
  fmt::print("{}", TRY(split_table(client, flags.table, flags.shard_id)));
  return Done{};
}

}  // namespace millrace::cli::table
