#include "cli/client/flags.h"

#include <CLI/CLI.hpp>

namespace millrace::cli {

void add_connection_flags(CLI::App& command, ConnectionFlags& flags) {
  command.add_option("--endpoint-url", flags.endpoint_url, "Of the server (http://127.0.0.1:8000)")
      ->group("Server");
  command.add_option("--profile", flags.profile, "Of the AWS CLI's configuration files")
      ->group("Server");
  command
      .add_option("--ca-bundle", flags.ca_bundle,
                  "PEM file by which an https server is verified (AWS_CA_BUNDLE, else the system)")
      ->group("Server");
  command.add_option("--region", flags.region, "To sign for (us-east-1)")->group("Server");
}

}  // namespace millrace::cli
