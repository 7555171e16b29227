#include "cli/trigger/function_role.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "cli/resources/iam_calls.h"
#include "cli/resources/lambda_calls.h"

namespace millrace::cli::trigger {

namespace {

using resources::Grantee;
using resources::Node;

// It marks a role that make_role() made.
constexpr const char* kMadeTag = "millrace:made-by";
constexpr const char* kMadeBy = "trigger add";

constexpr const char* kTrust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
    R"("Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]})";
constexpr const char* kPolicyName = "AWSLambdaDynamoDBExecutionRole";
constexpr const char* kPolicyArnPrefix = "arn:aws:iam::aws:policy/service-role/";

// "NAME" of "arn:aws:iam::ACCOUNT:role/PATH/NAME".
Grantee role_of(const std::string& arn) {
  return {"Role", arn.substr(arn.rfind('/') + 1)};
}

bool is_made(const Node& role) {
  const Node* tags = role.find("Tags");
  if (tags == nullptr) return false;
  return std::ranges::any_of(tags->items, [](const Node& tag) {
    return tag.text_of("Key") == kMadeTag && tag.text_of("Value") == kMadeBy;
  });
}

Result<bool> is_role_of_a_function(ServiceClient& client, const std::string& role_arn) {
  std::string marker;
  do {
    RestCall call{.operation = "ListFunctions", .method = "GET", .path = "/2015-03-31/functions"};
    if (!marker.empty()) resources::append_query(call.query, "Marker", marker);
    const auto answer = TRY(client.call_rest(call));
    const json::Object root = root_of(answer);
    for (const json::Object function : objects_of(root, "Functions")) {
      if (text_of(function, "Role") == role_arn) return true;
    }
    marker = text_of(root, "NextMarker");
  } while (!marker.empty());
  return false;
}

}  // namespace

std::string own_role_arn(const std::string& account_id, const std::string& function) {
  return fmt::format("arn:aws:iam::{}:role/{}", account_id, function);
}

Result<bool> lacks_role(ServiceClient& client, const std::string& role_arn,
                        const std::string& own_arn, bool is_new) {
  if (role_arn != own_arn) return false;
  const auto found = resources::call_iam(client, "GetRole", role_of(role_arn).body());
  if (found.ok()) return false;
  switch (found.error().code) {
    case ErrorCode::kNoSuchEntity:
      return true;
    case ErrorCode::kUnknownOperationException:
      return false;
    case ErrorCode::kAccessDeniedException: {
      if (!is_new) return false;
      Error error = found.error();
      error.message += ". Name a role that is there with --role";
      return error;
    }
    default:
      return found.error();
  }
}

Status make_role(ServiceClient& client, const std::string& role_arn) {
  const Grantee role = role_of(role_arn);
  Node tag = Node::map();
  tag.set("Key", Node::of_text(kMadeTag));
  tag.set("Value", Node::of_text(kMadeBy));
  Node body = role.body();
  body.set("AssumeRolePolicyDocument", Node::of_text(kTrust));
  body.set("Tags", Node::list()).items.push_back(std::move(tag));
  TRY(resources::call_iam(client, "CreateRole", body));
  TRY(resources::attach_policy(client, role, std::string(kPolicyArnPrefix) + kPolicyName));
  fmt::print("+ role {}: {}\n", role.name, kPolicyName);
  return Done{};
}

Status remove_role(ServiceClient& client, const std::string& role_arn) {
  const Grantee role = role_of(role_arn);
  const auto found = resources::call_iam(client, "GetRole", role.body());
  if (!found.ok()) {
    const ErrorCode code = found.error().code;
    // One that the caller may not even look up is not made by him.
    const bool is_none = code == ErrorCode::kNoSuchEntity ||
                         code == ErrorCode::kUnknownOperationException ||
                         code == ErrorCode::kAccessDeniedException;
    return is_none ? Status(Done{}) : found.error();
  }
  const Node* described = found->find("Role");
  if (described == nullptr || described->text_of("Arn") != role_arn || !is_made(*described)) {
    return Done{};
  }
  if (TRY(is_role_of_a_function(client, role_arn))) return Done{};
  for (const Node& policy : TRY(resources::attached_policies(client, role)).items) {
    TRY(resources::detach_policy(client, role, policy.text));
  }
  for (const auto& policy : TRY(resources::inline_policies(client, role)).members) {
    TRY(resources::delete_inline_policy(client, role, policy.name));
  }
  TRY(resources::call_iam(client, "DeleteRole", role.body()));
  fmt::print("- role {}\n", role.name);
  return Done{};
}

}  // namespace millrace::cli::trigger
