// `millrace deploy`: the tables, functions, triggers, roles and trails of a template.
#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "base/result.h"
#include "cli/client/connection.h"

namespace millrace::cli::deploy {

struct DeployFlags {
  ConnectionFlags connection;
  std::string file;
  std::string stack_name;
  std::vector<std::string> parameters;  // "NAME=VALUE"
  bool yes = false;
  bool dry_run = false;
};

// Adds the subcommand "deploy", which fills in `flags`; they must outlive the parsing.
void add_deploy_command(CLI::App& app, DeployFlags& flags);
// Shows the plan, asks at a terminal, and does it.
[[nodiscard]] Status run_deploy_command(const DeployFlags& flags);

}  // namespace millrace::cli::deploy
