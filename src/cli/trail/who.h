// `millrace trail who`: who touched an item.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/client/service_client.h"

namespace millrace::cli::trail {

struct WhoOptions {
  std::string table;
  std::string key;                   // JSON: {"id":{"S":"id-1"}}
  std::optional<std::string> since;  // of parse_time()
  bool as_json = false;
};

// The requests that named the item, newest first, each with the stream records of what it changed.
[[nodiscard]] Result<std::string> who_text(ServiceClient& client, const Clock& clock,
                                           const WhoOptions& options);

}  // namespace millrace::cli::trail
