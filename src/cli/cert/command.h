// `millrace cert`: certificates for a server on a laptop.
#pragma once

#include <CLI/App.hpp>

#include "base/result.h"
#include "cli/cert/certificates.h"

namespace millrace::cli::cert {

using CertFlags = CertificateRequest;

// Adds the subcommand "cert" with its own, which fill in `flags`; they must outlive the parsing.
void add_cert_command(CLI::App& app, CertFlags& flags);
// Runs what was parsed and prints what came of it on stdout.
[[nodiscard]] Status run_cert_command(const CertFlags& flags);

}  // namespace millrace::cli::cert
