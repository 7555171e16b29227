// The options of the parts of the server, each of them in the TOML file and a flag as well:
// `shard_max_age_seconds` of `[streams]` is `--streams-shard-max-age-seconds`.
#pragma once

#include <span>
#include <string>

#include "app/config.h"
#include "base/result.h"

namespace millrace::app {

struct ServerOption {
  const char* section;
  const char* name;
  const char* description;
  // One of the two is there.
  int64_t& (*integer)(Config& config) = nullptr;
  std::string& (*text)(Config& config) = nullptr;
  int64_t minimum = 1;
  int64_t maximum = 0;
  const char* flag = nullptr;     // when it is not named after section and name
  const char* choices = nullptr;  // of a text that is one of several: "async, commit"
};

[[nodiscard]] std::span<const ServerOption> server_options();

// "--streams-shard-max-age-seconds"
[[nodiscard]] std::string flag_of(const ServerOption& option);

// InvalidConfiguration "takes an integer from 1 to …".
[[nodiscard]] Status set_option(Config& config, const ServerOption& option, int64_t value);
// InvalidConfiguration "takes one of …".
[[nodiscard]] Status set_option(Config& config, const ServerOption& option,
                                const std::string& value);
// From a flag's text; the error names the flag.
[[nodiscard]] Status set_option_from_flag(Config& config, const ServerOption& option,
                                          const std::string& text);

}  // namespace millrace::app
