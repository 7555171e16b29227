// `trigger ls`.
#pragma once

#include <optional>
#include <string>

#include "cli/client/service_client.h"
#include "cli/resources/node.h"

namespace millrace::cli::trigger {

// Columns: table, function, state, last result, lag, settings that are not the default, UUID.
[[nodiscard]] Result<std::string> triggers_text(ServiceClient& client,
                                                const std::optional<std::string>& table);
// An array of the mappings as the API has them, each with its `Statistics`.
[[nodiscard]] Result<std::string> triggers_json(ServiceClient& client,
                                                const std::optional<std::string>& table);

// "BatchSize=10 BisectBatchOnFunctionError"; "-" when all are the default.
[[nodiscard]] std::string settings_cell(const resources::Node& mapping);
// "12 records, 1.5 s" of what DescribeTriggerStatistics answers; "-" of what it does not.
[[nodiscard]] std::string lag_cell(const resources::Node& statistics);

}  // namespace millrace::cli::trigger
