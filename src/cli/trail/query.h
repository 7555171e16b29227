// `millrace trail query`: a statement over the events of the trail.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "cli/client/service_client.h"

namespace millrace::cli::trail {

enum class RowFormat { kTable, kJson, kCsv };

struct QueryOptions {
  std::string statement;
  std::optional<std::string> event_data_store;  // id or ARN
  RowFormat format = RowFormat::kTable;
};

// Waits for the end of the query and gives all its rows as text. The message of an error of the
// statement is the server's.
[[nodiscard]] Result<std::string> query_text(ServiceClient& client, const QueryOptions& options);

}  // namespace millrace::cli::trail
