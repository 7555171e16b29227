#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millrace::cli {

// What goes before the operation in X-Amz-Target.
inline constexpr std::string_view kDynamoDbPrefix = "DynamoDB_20120810.";
inline constexpr std::string_view kStreamsPrefix = "DynamoDBStreams_20120810.";
inline constexpr std::string_view kMillracePrefix = "Millrace_20261101.";
inline constexpr std::string_view kLogsPrefix = "Logs_20140328.";
inline constexpr std::string_view kCloudTrailPrefix =
    "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.";

struct Call {
  std::string_view operation;  // "GetItem"; static
  std::string body;
  std::string_view target_prefix = kDynamoDbPrefix;  // static
  std::string_view wait_milliseconds = {};           // of x-millrace-wait-ms; static
};

// A call of Lambda, whose protocol is REST-JSON.
struct RestCall {
  std::string_view operation;                                     // for messages; static
  std::string_view method;                                        // "POST"; static
  std::string path;                                               // encoded
  std::string body = {};                                          // JSON
  std::string query = {};                                         // encoded, without '?'
  std::vector<std::pair<std::string, std::string>> headers = {};  // signed, like the rest
};

// A call of IAM, whose protocol is the query protocol.
struct QueryCall {
  std::string_view operation;                                        // "GetRole"; static
  std::vector<std::pair<std::string, std::string>> parameters = {};  // "Tags.member.1.Key", "team"
};

}  // namespace millrace::cli
