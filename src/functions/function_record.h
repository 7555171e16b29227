// All that is stored of a function.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "functions/function.h"

namespace millrace::functions {

struct Alias {
  std::string name;
  std::string version;  // "$LATEST" or a number
  std::string description;
  std::string revision_id;
  // Versions that take a share of the invocations from `version`, and their shares of 1.
  std::map<std::string, double> weights;
};

// How invocations of type Event are tried.
struct EventInvokeConfig {
  std::optional<int64_t> maximum_retry_attempts;
  std::optional<int64_t> maximum_event_age_seconds;
  int64_t last_modified_milliseconds = 0;
};

// Who may call the function, where access control is enforced.
struct Policy {
  std::map<std::string, std::string> statements;  // JSON texts by Sid
  std::string revision_id;
};

// Immutable once the store has it; a change makes another.
struct Function {
  std::string name;
  FunctionVersionPointer latest;
  std::map<uint64_t, FunctionVersionPointer> published;
  uint64_t next_version = 1;  // of no version there ever was
  std::map<std::string, Alias> aliases;
  std::map<std::string, std::string> tags;
  std::optional<int64_t> reserved_concurrency;
  // Both by qualifier: "$LATEST", a version or an alias; of policies also "", the function itself.
  std::map<std::string, EventInvokeConfig> event_invoke_configs;
  std::map<std::string, Policy> policies;
};

using FunctionPointer = std::shared_ptr<const Function>;

// The tag whose value is the URL of the server that runs the function.
inline constexpr std::string_view kEndpointTag = "millrace:endpoint";

}  // namespace millrace::functions
