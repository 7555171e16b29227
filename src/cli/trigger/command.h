// `millrace trigger`: functions that run for the changes of tables.
#pragma once

#include <optional>
#include <string>

#include <CLI/App.hpp>

#include "base/result.h"
#include "cli/client/connection.h"
#include "cli/trigger/add.h"

namespace millrace::cli::trigger {

struct TriggerFlags {
  ConnectionFlags connection;
  CLI::App* command = nullptr;  // the subcommand "trigger"
  AddOptions add;
  std::optional<std::string> table;  // of ls
  bool as_json = false;
  std::string target;
  // Of logs.
  bool follow = false;
  std::string since = "10m";
  std::string from;            // of replay
  bool with_function = false;  // of rm
  std::string payload = "{}";  // of invoke
};

// Adds the subcommand "trigger" with its own, which fill in `flags`; they must outlive the parsing.
void add_trigger_command(CLI::App& app, TriggerFlags& flags);
// Runs what was parsed, with its output on stdout.
[[nodiscard]] Status run_trigger_command(const TriggerFlags& flags);

}  // namespace millrace::cli::trigger
