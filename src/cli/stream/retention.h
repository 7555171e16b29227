// How long the records of a table's streams are kept: a tag of the table, else what the server
// does.
#pragma once

#include "cli/client/service_client.h"

namespace millrace::cli::stream {

inline constexpr std::string_view kRetentionTag = "millrace:stream-retention-hours";

// "24 hours", "90 seconds"
[[nodiscard]] std::string format_retention(int64_t seconds);

// A line that says it.
[[nodiscard]] Result<std::string> retention_text(ServiceClient& client, const std::string& table);
[[nodiscard]] Status set_retention_hours(ServiceClient& client, const std::string& table,
                                         int64_t hours);

}  // namespace millrace::cli::stream
