// What DynamoDB checks of a policy beyond the language: its size, which actions and resources it
// names, and whom it grants them (Developer Guide, "Resource-based policy considerations").
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ops/resource_policy_request.h"
#include "policy/decision.h"
#include "policy/resource_document.h"

namespace millrace::ops {
namespace {

constexpr size_t kPolicyBytesMax = 20 * 1024;
constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

// Of a table and its indexes. Lower case and in order.
constexpr auto kTableActions = std::to_array<std::string_view>({
    "batchgetitem",
    "batchwriteitem",
    "conditioncheckitem",
    "createbackup",
    "createtablereplica",
    "deleteitem",
    "deleteresourcepolicy",
    "deletetable",
    "deletetablereplica",
    "describecontinuousbackups",
    "describecontributorinsights",
    "describekinesisstreamingdestination",
    "describetable",
    "describetablereplicaautoscaling",
    "describetimetolive",
    "disablekinesisstreamingdestination",
    "enablekinesisstreamingdestination",
    "exporttabletopointintime",
    "getitem",
    "getresourcepolicy",
    "listtagsofresource",
    "partiqldelete",
    "partiqlinsert",
    "partiqlselect",
    "partiqlupdate",
    "putitem",
    "putresourcepolicy",
    "query",
    "restoretabletopointintime",
    "scan",
    "splittable",
    "tagresource",
    "untagresource",
    "updatecontinuousbackups",
    "updatecontributorinsights",
    "updateitem",
    "updatekinesisstreamingdestination",
    "updatetable",
    "updatetablereplicaautoscaling",
    "updatetimetolive",
});
constexpr auto kStreamActions = std::to_array<std::string_view>({
    "deleteresourcepolicy",
    "describestream",
    "describestreamstatistics",
    "getrecords",
    "getresourcepolicy",
    "getsharditerator",
    "putresourcepolicy",
});

Error invalid_document(std::string_view what) {
  return validation_error(fmt::format("{}Invalid policy document: {}", kInvalid, what));
}

bool is_action(std::string action, bool for_stream) {
  constexpr std::string_view kPrefix = "dynamodb:";
  std::ranges::transform(action, action.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
  });
  if (action == "*") return true;
  if (!action.starts_with(kPrefix)) return false;
  if (action.find_first_of("*?") != std::string::npos) return true;
  const std::string_view name = std::string_view(action).substr(kPrefix.size());
  return for_stream ? std::ranges::binary_search(kStreamActions, name)
                    : std::ranges::binary_search(kTableActions, name);
}

Status check_actions(const std::vector<std::string>& actions, bool for_stream) {
  std::vector<std::string> unknown;
  for (const std::string& action : actions) {
    if (!is_action(action, for_stream)) unknown.push_back('"' + action + '"');
  }
  if (unknown.empty()) return Done{};
  return invalid_document(
      fmt::format("The following action names are invalid: {}", fmt::join(unknown, ", ")));
}

// A table's policy names tables and indexes, a stream's names streams; those of others, too.
Status check_resource(const std::string& resource, bool for_stream) {
  constexpr int kFieldsBefore = 5;
  if (resource == "*") return Done{};
  std::string_view relative_id = resource;
  for (int i = 0; i < kFieldsBefore; ++i) {
    const size_t colon = relative_id.find(':');
    if (colon == std::string_view::npos) return Done{};  // the rest is anything
    relative_id.remove_prefix(colon + 1);
  }
  const bool may_be_any = relative_id.find('*') != std::string_view::npos;
  const bool names_stream = relative_id.find("/stream/") != std::string_view::npos;
  const bool is_table = relative_id.starts_with("table/") || may_be_any;
  if (is_table && (for_stream ? names_stream || may_be_any : !names_stream)) return Done{};
  return invalid_document(
      fmt::format("The relative-id \"{}\" is invalid for ARN \"{}\"", relative_id, resource));
}

class NoContext final : public policy::RequestContext {
 public:
  [[nodiscard]] std::optional<std::vector<std::string>> values(
      std::string_view /*key*/) const override {
    return std::nullopt;
  }
};

}  // namespace

Result<catalog::ResourcePolicy> read_resource_policy(std::string_view json, bool for_stream) {
  if (json.size() > kPolicyBytesMax) {
    return validation_error(
        fmt::format("{}Maximum policy size of {} bytes exceeded", kInvalid, kPolicyBytesMax));
  }
  auto document = policy::read_resource_document(json);
  if (!document.ok()) return validation_error(std::string(kInvalid) + document.error().message);
  TRY(check_actions(document->actions, for_stream));
  for (const std::string& resource : document->resources) {
    TRY(check_resource(resource, for_stream));
  }
  if (document->grants_everybody) {
    return validation_error(
        "Resource-based policy grants unbounded access in one or more elements. Please revise the "
        "policy to ensure least-privilege form of access");
  }
  catalog::ResourcePolicy policy;
  policy.json = std::move(document->json);
  policy.policy = std::move(document->policy);
  return policy;
}

Status check_keeps_access(const catalog::ResourcePolicy& policy, const auth::Principal& principal,
                          std::string_view arn) {
  const NoContext context;
  const policy::Question question{"dynamodb:PutResourcePolicy", arn, principal, context};
  if (policy::evaluate(*policy.policy, question) != policy::Verdict::kExplicitDeny) return Done{};
  return Error{ErrorCode::kAccessDeniedException,
               "The new resource policy will not allow you to update the resource policy in the "
               "future."};
}

}  // namespace millrace::ops
