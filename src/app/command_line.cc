#include "app/command_line.h"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/serve.h"
#include "app/server_options.h"
#include "cli/bench/command.h"
#include "cli/cert/command.h"
#include "cli/deploy/command.h"
#include "cli/stream/command.h"
#include "cli/table/command.h"
#include "cli/trail/command.h"
#include "cli/trigger/command.h"

namespace millrace::app {
namespace {

constexpr const char* kVersion = "millrace 0.1.0";

int report(const Status& status) {
  if (status.ok()) return 0;
  fmt::print(stderr, "millrace: {}\n", status.error().message);
  return 1;
}

struct ServeFlags {
  std::string config_file;
  std::optional<std::string> data;
  std::optional<std::string> listen;
  std::optional<std::string> durability;
  std::optional<std::string> region;
  std::optional<std::string> account_id;
  std::optional<std::string> log_level;
  std::vector<std::optional<std::string>> options{server_options().size()};  // in their order
  bool memory = false;
  bool auth = false;
};

// Flags override the file.
Result<Config> read_config(const ServeFlags& flags) {
  Config config;
  if (!flags.config_file.empty()) TRY(read_config_file(flags.config_file, config));
  if (flags.listen) TRY(set_listen(config, *flags.listen));
  if (flags.durability) TRY(set_durability(config, *flags.durability));
  if (flags.region) config.site.region = *flags.region;
  if (flags.account_id) config.site.account_id = *flags.account_id;
  if (flags.log_level) config.log_level = *flags.log_level;
  for (size_t i = 0; i < flags.options.size(); ++i) {
    if (flags.options[i]) {
      TRY(set_option_from_flag(config, server_options()[i], *flags.options[i]));
    }
  }
  if (flags.data) {
    config.data_directory = *flags.data;
    config.memory = false;
  }
  if (flags.memory) config.memory = true;
  if (flags.auth) config.auth.enforce = true;
  return config;
}

Status run_serve(const ServeFlags& flags) {
  return serve(TRY(read_config(flags)));
}

void add_serve_command(CLI::App& app, ServeFlags& flags) {
  CLI::App* serve = app.add_subcommand("serve", "Serve the DynamoDB API");
  serve->add_option("--config", flags.config_file, "TOML file of options; flags override it");
  auto* data = serve->add_option("--data", flags.data, "Directory of the data (./millrace-data)");
  serve->add_flag("--memory", flags.memory, "Keep nothing: the data ends with the process")
      ->excludes(data);
  serve->add_flag(
      "--auth", flags.auth,
      "Take signed requests alone, of those whom the policies allow them (docs/access.md)");
  serve->add_option("--listen", flags.listen, "HOST:PORT (127.0.0.1:8000); port 0: any free one");
  serve->add_option("--durability", flags.durability,
                    "commit: a write is on disk before it is acknowledged (the default); os: it is "
                    "with the operating system, and lost when that stops");
  serve->add_option("--region", flags.region, "In every ARN (us-east-1)");
  serve->add_option("--account-id", flags.account_id, "In every ARN (000000000000)");
  serve->add_option("--log-level", flags.log_level,
                    "debug, info (the default), warn, error or off");
  for (size_t i = 0; i < flags.options.size(); ++i) {
    const ServerOption& option = server_options()[i];
    serve->add_option(flag_of(option), flags.options[i], option.description);
  }
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app("A self-hosted database with the DynamoDB API and a change stream", "millrace");
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  ServeFlags serve_flags;
  add_serve_command(app, serve_flags);
  cli::bench::BenchFlags bench_flags;
  cli::bench::add_bench_command(app, bench_flags);
  cli::stream::StreamFlags stream_flags;
  cli::stream::add_stream_command(app, stream_flags);
  cli::table::TableFlags table_flags;
  cli::table::add_table_command(app, table_flags);
  cli::trigger::TriggerFlags trigger_flags;
  cli::trigger::add_trigger_command(app, trigger_flags);
  cli::trail::TrailFlags trail_flags;
  cli::trail::add_trail_command(app, trail_flags);
  cli::deploy::DeployFlags deploy_flags;
  cli::deploy::add_deploy_command(app, deploy_flags);
  cli::cert::CertFlags cert_flags;
  cli::cert::add_cert_command(app, cert_flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (app.got_subcommand("serve")) return report(run_serve(serve_flags));
  if (app.got_subcommand("bench")) return cli::bench::run_bench_command(bench_flags);
  if (app.got_subcommand("stream")) return report(cli::stream::run_stream_command(stream_flags));
  if (app.got_subcommand("table")) return report(cli::table::run_table_command(table_flags));
  if (app.got_subcommand("trigger")) {
    return report(cli::trigger::run_trigger_command(trigger_flags));
  }
  if (app.got_subcommand("trail")) return report(cli::trail::run_trail_command(trail_flags));
  if (app.got_subcommand("deploy")) return report(cli::deploy::run_deploy_command(deploy_flags));
  if (app.got_subcommand("cert")) return report(cli::cert::run_cert_command(cert_flags));
  return 2;
}

}  // namespace millrace::app
