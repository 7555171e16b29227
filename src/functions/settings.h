// What an operator says about running functions.
#pragma once

#include <cstdint>
#include <string>

#include "auth/sigv4.h"

namespace millrace::functions {

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
  auth::SigningCredentials credentials = {"millrace", "millrace", ""};
};

}  // namespace millrace::functions
