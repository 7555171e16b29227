// ARNs as policies write them, field by field.
#pragma once

#include <string>
#include <string_view>

namespace millrace::policy {

// Takes what is before the next colon off the front; all of it when there is none. The colon of a
// policy variable is none: "${aws:username}".
[[nodiscard]] std::string_view take_arn_field(std::string_view& rest);

// With a "*" for each field that it lacks: "arn:aws:sqs" is "arn:aws:sqs:*:*:*".
[[nodiscard]] std::string complete_arn(std::string_view arn);

}  // namespace millrace::policy
