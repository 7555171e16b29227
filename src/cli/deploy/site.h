// Where the server says that it is.
#pragma once

#include <string>

#include "cli/client/service_client.h"

namespace millrace::cli::deploy {

struct Site {
  std::string region;
  std::string account_id;
};

// From an ARN that the server tells; `region` is that of the connection, for one that tells none.
[[nodiscard]] Result<Site> find_site(ServiceClient& client, const std::string& region);

}  // namespace millrace::cli::deploy
