#include "cli/cert/command.h"

#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace millrace::cli::cert {

namespace {

constexpr int64_t kDaysMax = 825;  // what the strictest of the clients accept

// With `"` where the shell would need it.
std::string quoted(const std::filesystem::path& path) {
  const std::string text = path.string();
  return text.find_first_of(" '$&;()*?\\") == std::string::npos ? text : '"' + text + '"';
}

void print_server_usage(const std::filesystem::path& directory) {
  const auto file = [&](const char* name) { return quoted(directory / name); };
  fmt::print(
      "\nThe server:\n"
      "  millrace serve --tls-certificate {} --tls-key {} --tls-ca {}\n"
      "Its clients:\n"
      "  export AWS_CA_BUNDLE={} AWS_ENDPOINT_URL=https://localhost:8000\n"
      "  export NODE_EXTRA_CA_CERTS={}\n"
      "  curl --cacert {} https://localhost:8000/\n",
      file("server.pem"), file("server-key.pem"), file("ca.pem"), file("ca.pem"), file("ca.pem"),
      file("ca.pem"));
}

void print_client_usage(const std::filesystem::path& directory, const std::string& client) {
  fmt::print(
      "\nThe server:\n"
      "  millrace serve … --tls-client-ca {}\n"
      "The client:\n"
      "  curl --cert {} --key {} --cacert {} https://localhost:8000/\n",
      quoted(directory / "ca.pem"), quoted(directory / (client + ".pem")),
      quoted(directory / (client + "-key.pem")), quoted(directory / "ca.pem"));
}

}  // namespace

void add_cert_command(CLI::App& app, CertFlags& flags) {
  CLI::App* cert = app.add_subcommand("cert", "Certificates for a server on a laptop");
  cert->require_subcommand(1);
  CLI::App* create = cert->add_subcommand(
      "create", "Make a private certificate authority and a server's certificate");
  create->add_option("--directory", flags.directory, "Of the files")->capture_default_str();
  create->add_option("--name", flags.names,
                     "A name or address of the server, beside localhost, 127.0.0.1 and ::1");
  create->add_option("--client", flags.client,
                     "Make a client's certificate of that name, issued by the authority that is "
                     "there");
  create->add_option("--days", flags.days, "How long they are valid")
      ->check(CLI::Range(int64_t{1}, kDaysMax))
      ->capture_default_str();
  create->add_flag("--force", flags.force, "Replace files that are there");
}

Status run_cert_command(const CertFlags& flags) {
  const auto files = TRY(create_certificates(flags, SystemClock()));
  for (const std::string& file : files) fmt::print("{}\n", file);
  const std::filesystem::path directory = std::filesystem::absolute(flags.directory);
  const bool made_server = files.size() > 2;
  if (made_server) print_server_usage(directory.lexically_normal());
  if (flags.client) print_client_usage(directory.lexically_normal(), *flags.client);
  return Done{};
}

}  // namespace millrace::cli::cert
