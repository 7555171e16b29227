// What requests for temporary credentials have in common.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "iam/sts/call.h"
#include "json/writer.h"

namespace millrace::iam::sts {

[[nodiscard]] std::optional<std::string> optional_text(json::Object input, std::string_view name);
[[nodiscard]] int64_t integer_or(json::Object input, std::string_view name, int64_t otherwise);

// ValidationException that names the first of `names` that is present.
[[nodiscard]] Status refuse_unsupported(json::Object input,
                                        std::initializer_list<std::string_view> names);

// What limits a session: Policy, PolicyArns, Tags.
struct SessionLimits {
  std::vector<std::string> policies_json;
  std::vector<std::string> policy_arns;
  Tags tags;
  // In percent of what there may be; nullopt: there is nothing that counts.
  std::optional<int64_t> packed_size;
};
// MalformedPolicyDocument, PackedPolicyTooLarge, ValidationException.
[[nodiscard]] Result<SessionLimits> read_session_limits(const Call& call);

// The ARN of him who calls, as whose session it is to be. AccessDeniedException with the
// credentials of a session. `operation` is for its message.
[[nodiscard]] Result<std::string> long_lived_caller(const Call& call, std::string_view operation);

// Of the root no longer than an hour (STS API reference).
[[nodiscard]] int64_t session_seconds(const Call& call, std::string_view issuer_arn);

// The member Credentials.
void write_credentials(json::Writer& writer, const IssuedSession& issued);

}  // namespace millrace::iam::sts
