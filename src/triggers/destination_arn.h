// Which service an OnFailure destination belongs to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace::triggers {

enum class DestinationKind { kBucket, kQueue, kTopic, kEventBus, kFunction };

struct DestinationArn {
  DestinationKind kind = DestinationKind::kBucket;
  std::string text;
  std::string region;  // empty for a bucket
  std::string account_id;
  // Of a bucket, queue, topic or event bus; of a function "function:NAME".
  std::string name;
};

// nullopt for anything else: "arn:aws:s3:::NAME", "arn:aws:sqs:REGION:ACCOUNT:NAME",
// "arn:aws:sns:…:NAME", "arn:aws:events:…:event-bus/NAME", "arn:aws:lambda:…:function:NAME".
[[nodiscard]] std::optional<DestinationArn> parse_destination_arn(std::string_view text);

}  // namespace millrace::triggers
