#pragma once

#include "cli/client/service_client.h"

namespace millrace::cli::stream {

// A line for each stream, of the table or of all, disabled ones too.
[[nodiscard]] Result<std::string> list_streams_text(ServiceClient& client,
                                                    const std::optional<std::string>& table);

}  // namespace millrace::cli::stream
