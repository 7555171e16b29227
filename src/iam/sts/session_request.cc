#include "iam/sts/session_request.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/timestamp.h"
#include "iam/policy_sets.h"
#include "iam/principals.h"
#include "json/scalar.h"

namespace millrace::iam::sts {
namespace {

constexpr int64_t kRootSecondsMax = 3'600;
constexpr int64_t kDefaultSeconds = 43'200;
constexpr size_t kPolicyArnsMax = 10;
// Of the policy and the ARNs; the service's limit on their plain text.
constexpr size_t kPolicyBytesMax = 2'048;
constexpr size_t kTagBytesMax = 4'096;

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return lower;
}

// How much of `most` that is, rounded up.
int64_t percent_of(size_t bytes, size_t most) {
  return static_cast<int64_t>((bytes * 100 + most - 1) / most);
}

template <typename Take>
void each_object(json::Object input, std::string_view name, const Take& take) {
  const auto list = json::member(input, name);
  json::Array elements;
  if (!list || list->get(elements) != simdjson::SUCCESS) return;
  for (const json::Element element : elements) {
    json::Object object;
    if (element.get(object) == simdjson::SUCCESS) take(object);
  }
}

Status read_tags(json::Object input, SessionLimits& limits, size_t& bytes) {
  std::set<std::string> keys;
  Status read = Done{};
  each_object(input, "Tags", [&](json::Object tag) {
    const std::string key = optional_text(tag, "Key").value_or("");
    const std::string value = optional_text(tag, "Value").value_or("");
    if (!keys.insert(lower_case(key)).second) {
      read = validation_error(
          "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    if (lower_case(key).starts_with("aws:")) {
      read = validation_error("Tag keys beginning with aws: are reserved for internal use.");
    }
    bytes += key.size() + value.size();
    limits.tags[key] = value;
  });
  return read;
}

Status read_policies(const Call& call, SessionLimits& limits, size_t& bytes) {
  if (auto policy = optional_text(call.input, "Policy")) {
    bytes += policy->size();
    // Before it is read: a longer one is not worth it.
    if (bytes <= kPolicyBytesMax) {
      TRY(policy::read_policy(*policy, policy::DocumentKind::kIdentity));
    }
    limits.policies_json.push_back(std::move(*policy));
  }
  Status read = Done{};
  each_object(call.input, "PolicyArns", [&](json::Object descriptor) {
    std::string arn = optional_text(descriptor, "arn").value_or("");
    if (!default_policy(call.account, arn)) {
      read =
          validation_error(fmt::format("The policy {} does not exist or is not attachable.", arn));
    }
    bytes += arn.size();
    limits.policy_arns.push_back(std::move(arn));
  });
  if (limits.policy_arns.size() > kPolicyArnsMax) {
    return validation_error(
        fmt::format("A session can have at most {} managed policies.", kPolicyArnsMax));
  }
  return read;
}

Error too_large(std::string_view what, int64_t percent, std::string_view advice) {
  return {ErrorCode::kPackedPolicyTooLarge,
          fmt::format("{} {}% of allotted space{}", what, percent, advice)};
}

}  // namespace

std::optional<std::string> optional_text(json::Object input, std::string_view name) {
  const auto value = json::member(input, name);
  std::string_view text;
  if (!value || value->get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

int64_t integer_or(json::Object input, std::string_view name, int64_t otherwise) {
  const auto value = json::member(input, name);
  return value ? json::to_integer(*value).value_or(otherwise) : otherwise;
}

Status refuse_unsupported(json::Object input, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (!json::member(input, name)) continue;
    return validation_error(fmt::format("The parameter {} is not supported by this server", name));
  }
  return Done{};
}

Result<SessionLimits> read_session_limits(const Call& call) {
  SessionLimits limits;
  size_t policy_bytes = 0;
  size_t tag_bytes = 0;
  TRY(read_policies(call, limits, policy_bytes));
  TRY(read_tags(call.input, limits, tag_bytes));
  const int64_t policies = percent_of(policy_bytes, kPolicyBytesMax);
  const int64_t tags = percent_of(tag_bytes, kTagBytesMax);
  if (policies > 100) {
    return too_large("Packed policy consumes", policies, ", please use smaller policy.");
  }
  if (tags > 100) return too_large("Packed size of session tags consumes", tags, ".");
  if (policy_bytes + tag_bytes > 0) limits.packed_size = std::max(policies, tags);
  return limits;
}

Result<std::string> long_lived_caller(const Call& call, std::string_view operation) {
  if (!call.caller->issuer_arn.empty()) {
    return Error{ErrorCode::kAccessDeniedException,
                 fmt::format("Cannot call {} with session credentials", operation)};
  }
  if (!call.caller->arn.empty()) return call.caller->arn;
  // Only where anybody is let in, also unsigned.
  return Error{ErrorCode::kMissingAuthenticationTokenException,
               "Request is missing Authentication Token"};
}

int64_t session_seconds(const Call& call, std::string_view issuer_arn) {
  const int64_t asked = integer_or(call.input, "DurationSeconds", kDefaultSeconds);
  return issuer_arn == root_arn(call.account.account_id) ? std::min(asked, kRootSecondsMax) : asked;
}

void write_credentials(json::Writer& writer, const IssuedSession& issued) {
  writer.key("Credentials");
  writer.begin_object();
  writer.member("AccessKeyId", issued.credentials.access_key_id);
  writer.member("SecretAccessKey", issued.credentials.secret_access_key);
  writer.member("SessionToken", issued.credentials.session_token);
  const std::string expiration = iso8601_milliseconds(issued.expires_at_seconds * 1000);
  writer.member("Expiration", expiration.substr(0, 19) + "Z");
  writer.end_object();
}

}  // namespace millrace::iam::sts
