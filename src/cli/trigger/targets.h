// Which triggers (event source mappings) a person means.
#pragma once

#include <string>
#include <vector>

#include "cli/client/service_client.h"
#include "cli/resources/node.h"

namespace millrace::cli::trigger {

// A mapping as the API describes it, and what it belongs to.
struct Trigger {
  std::string uuid;
  std::string table;     // whose stream it is
  std::string function;  // "name" or "name:alias"
  resources::Node mapping;
};

// Those of all streams of tables, by table and function.
[[nodiscard]] Result<std::vector<Trigger>> list_triggers(ServiceClient& client);
// Those with the UUID, and those of the function or of the table of that name, at least one.
// ResourceNotFoundException when there is none.
[[nodiscard]] Result<std::vector<Trigger>> find_triggers(ServiceClient& client,
                                                         const std::string& target);

// The name of the function without alias or version.
[[nodiscard]] std::string unqualified(const std::string& function);

}  // namespace millrace::cli::trigger
