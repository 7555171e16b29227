// What is known of one version of a function: what it takes to run it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace millrace::functions {

struct Code;  // code_store.h

// Immutable once published; shared between threads.
struct FunctionVersion {
  std::string name;
  std::string version = "$LATEST";  // or a number
  std::string arn;                  // without qualifier
  // Changes with every update of code or configuration: instances of another revision serve no
  // further invocation.
  std::string revision_id;

  std::string
      runtime;  // "nodejs20.x", "python3.12", "provided.al2023"; empty for a remote function
  std::string handler;
  std::string description;
  std::string role;
  std::map<std::string, std::string> environment;
  int64_t timeout_seconds = 3;
  int64_t memory_mebibytes = 128;
  int64_t ephemeral_storage_mebibytes = 512;
  std::string log_group;  // "/aws/lambda/NAME" unless LoggingConfig says otherwise

  // Absolute. Holds the unpacked code, which nobody changes while a version refers to it.
  std::string code_directory;
  std::string code_sha256;  // base64
  int64_t code_bytes = 0;   // of the zip file
  // Keeps the directory there; nullptr: a function without code, which runs elsewhere.
  std::shared_ptr<const Code> code;
  int64_t last_modified_milliseconds = 0;

  // URL of a server that speaks Lambda's Invoke API; empty: the function runs here.
  std::string endpoint;
};

using FunctionVersionPointer = std::shared_ptr<const FunctionVersion>;

}  // namespace millrace::functions
