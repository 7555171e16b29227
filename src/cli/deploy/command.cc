#include "cli/deploy/command.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/client/flags.h"
#include "cli/deploy/deployment.h"

namespace millrace::cli::deploy {

namespace {

using resources::Action;

struct Word {
  const char* sign;
  const char* plan;
  const char* counted;
};

Word word_of(Action action) {
  switch (action) {
    case Action::kCreate:
      return {"+", "create", "to create"};
    case Action::kUpdate:
      return {"~", "update", "to update"};
    case Action::kKeep:
      return {"=", "unchanged", "unchanged"};
    case Action::kSkip:
      break;
  }
  return {"!", "skip", "not applied"};
}

void print_planned(const PlannedResource& resource) {
  const Word word = word_of(resource.decision.action);
  fmt::print("{} {:<9}  {}  {}  {}\n", word.sign, word.plan, resource.type, resource.logical_id,
             resource.decision.name);
  for (const std::string& change : resource.decision.changes) fmt::print("      {}\n", change);
}

void print_counts(const std::vector<PlannedResource>& planned) {
  std::string line;
  for (const Action action : {Action::kCreate, Action::kUpdate, Action::kKeep, Action::kSkip}) {
    const auto count = std::ranges::count(
        planned, action, [](const PlannedResource& resource) { return resource.decision.action; });
    if (count == 0) continue;
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", count, word_of(action).counted);
  }
  fmt::print("{}.\n", line);
}

bool changes_something(const PlannedResource& resource) {
  return resource.decision.action == Action::kCreate || resource.decision.action == Action::kUpdate;
}

Result<std::map<std::string, std::string>> read_parameters(const std::vector<std::string>& pairs) {
  std::map<std::string, std::string> parameters;
  for (const std::string& pair : pairs) {
    const size_t equals = pair.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return Error{ErrorCode::kInvalidConfiguration,
                   "--parameter: '" + pair + "' is not NAME=VALUE"};
    }
    parameters.insert_or_assign(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return parameters;
}

bool is_confirmed(const DeployFlags& flags) {
  if (flags.yes || isatty(STDIN_FILENO) != 1) return true;
  fmt::print("Do it? [y/N] ");
  std::fflush(stdout);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

Status apply(Deployment& deployment) {
  return deployment.apply([](const PlannedResource& resource) {
    if (!changes_something(resource)) return;
    fmt::print("{} {} {}\n", resource.decision.action == Action::kCreate ? "created" : "updated",
               resource.type, resource.decision.name);
    std::fflush(stdout);
  });
}

}  // namespace

void add_deploy_command(CLI::App& app, DeployFlags& flags) {
  CLI::App* deploy =
      app.add_subcommand("deploy", "Make what a CloudFormation or SAM template declares");
  deploy->add_option("FILE", flags.file, "The template, in YAML or JSON")->required();
  deploy->add_option("--stack-name", flags.stack_name,
                     "Begins the names of what has none (the name of the file's directory)");
  deploy->add_option("--parameter", flags.parameters, "NAME=VALUE; repeatable")
      ->allow_extra_args(false);
  deploy->add_flag("-y,--yes", flags.yes, "Do not ask");
  deploy->add_flag("--dry-run", flags.dry_run, "Only show what would be done");
  add_connection_flags(*deploy, flags.connection);
}

Status run_deploy_command(const DeployFlags& flags) {
  const Connection connection = TRY(find_connection(flags.connection, process_environment()));
  const SystemClock clock;
  ServiceClient client(connection, clock);
  Deployment deployment =
      TRY(Deployment::open(client, {.file = flags.file,
                                    .stack_name = flags.stack_name,
                                    .parameters = TRY(read_parameters(flags.parameters)),
                                    .region = connection.region}));
  const auto planned = TRY(deployment.plan());
  fmt::print("Stack {}\n", deployment.stack_name());
  std::ranges::for_each(planned, print_planned);
  print_counts(planned);
  if (flags.dry_run) return Done{};
  if (std::ranges::any_of(planned, changes_something)) {
    if (!is_confirmed(flags)) {
      fmt::print("Nothing was changed.\n");
      return Done{};
    }
    TRY(apply(deployment));
  }
  for (const auto& [name, value] : TRY(deployment.outputs())) fmt::print("{} = {}\n", name, value);
  return Done{};
}

}  // namespace millrace::cli::deploy
