#pragma once

#include <string>
#include <string_view>

namespace millrace::cli {

// What goes before the operation in X-Amz-Target.
inline constexpr std::string_view kDynamoDbPrefix = "DynamoDB_20120810.";
inline constexpr std::string_view kStreamsPrefix = "DynamoDBStreams_20120810.";
inline constexpr std::string_view kMillracePrefix = "Millrace_20261101.";

struct Call {
  std::string_view operation;  // "GetItem"; static
  std::string body;
  std::string_view target_prefix = kDynamoDbPrefix;  // static
  std::string_view wait_milliseconds = {};           // of x-millrace-wait-ms; static
};

}  // namespace millrace::cli
