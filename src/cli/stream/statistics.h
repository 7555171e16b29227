#pragma once

#include "cli/client/service_client.h"

namespace millrace::cli::stream {

// The answer of DescribeStreamStatistics.
[[nodiscard]] Result<json::Document> describe_stream_statistics(ServiceClient& client,
                                                                const std::string& arn);

// Of each stream, of the table or of all, a line, and one for each of its shards: records, bytes,
// rate, and how far the reader furthest behind is.
[[nodiscard]] Result<std::string> statistics_text(ServiceClient& client,
                                                  const std::optional<std::string>& table);

}  // namespace millrace::cli::stream
