// What an operator says about running functions.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "auth/sigv4.h"
#include "base/result.h"

namespace millrace::functions {

// What an instance may do as the role of its function, for a while.
struct RoleSession {
  auth::SigningCredentials credentials;
  int64_t expires_at_milliseconds = 0;  // since 1970
};
// AccessDeniedException when the role is not there, or is none for functions. Called on the
// runner's threads; must not block.
using AssumeRole = std::function<Result<RoleSession>(const std::string& role_arn,
                                                     const std::string& session_name)>;

struct FunctionSettings {
  // Invocations at once of all functions together, and with that the processes there are: every
  // instance is one. 1 to 10,000.
  int64_t concurrency_max = 100;
  // How long an instance waits for its next invocation before it ends. 1 to 86,400.
  int64_t idle_seconds = 300;
  // How long an instance may take until it asks for its first invocation. 1 to 900.
  int64_t init_seconds = 10;
  // Memory and processes are bounded by control groups where this process may make them, else, and
  // when this is off, by resource limits of each process.
  bool control_groups = true;
  // URL of a server that speaks Lambda's Invoke API, for functions that have no code and name no
  // endpoint of their own; empty: there are none such.
  std::string endpoint;
  // Programs of the managed runtimes: a path, or a name to look for in PATH. For Python
  // "python3.12" goes before "python3" when the function asks for it; a path is taken as it is.
  std::string node = "node";
  std::string python = "python3";

  // What functions find in their environment, and what signs calls of remote functions.
  std::string region = "us-east-1";
  // Certificates by which functions verify this server when it has TLS, an absolute path; empty:
  // those of the system.
  std::string ca_file = {};
  auth::SigningCredentials credentials = {"millrace", "millrace", ""};
  // Makes what functions find there instead of `credentials`. Unset: nobody asks who they are.
  AssumeRole assume_role = nullptr;
};

}  // namespace millrace::functions
