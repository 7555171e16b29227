#include <algorithm>

#include <fmt/format.h>

#include "iam/operations/entity_writer.h"
#include "iam/operations/input.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"
#include "iam/operations/policy_reference.h"
#include "iam/operations/quotas.h"

namespace millrace::iam {
namespace {

Error no_such_version(const ManagedPolicy& policy, std::string_view id) {
  return no_such_entity(
      fmt::format("Policy {} version {} does not exist or is not attachable.", policy.arn, id));
}

}  // namespace

Answer create_policy_version(Account& account, const Call& call) {
  ManagedPolicy policy = *TRY(changeable_policy_of(account, call, "iam:CreatePolicyVersion"));
  if (policy.versions.size() >= kVersionsMax) {
    return limit_exceeded(
        "A managed policy can have up to 5 versions. Before you create a new version, you must "
        "delete an existing version.");
  }
  policy.versions.push_back(TRY(version_of(call, fmt::format("v{}", policy.next_version))));
  ++policy.next_version;
  if (flag_of(call.input, "SetAsDefault")) policy.default_version = policy.versions.back().id;
  policy.updated_seconds = call.now_seconds;
  std::string answer = answer_object("PolicyVersion", [&](json::Writer& writer) {
    write_version(writer, policy, policy.versions.back());
  });
  put_policy(account, std::move(policy));
  return answer;
}

Answer get_policy_version(const Account& account, const Call& call) {
  const ManagedPolicyPointer policy = TRY(policy_of(account, call.input));
  const std::string id = text_of(call.input, "VersionId");
  const PolicyVersion* version = find_version(*policy, id);
  if (version == nullptr) return no_such_version(*policy, id);
  return answer_object("PolicyVersion", [&](json::Writer& writer) {
    write_document(writer, "Document", version->document);
    write_version(writer, *policy, *version);
  });
}

Answer list_policy_versions(const Account& account, const Call& call) {
  const ManagedPolicyPointer policy = TRY(policy_of(account, call.input));
  std::vector<Keyed<const PolicyVersion*>> versions;  // newest first
  for (const PolicyVersion& version : policy->versions) {
    const uint64_t number = std::stoull(version.id.substr(1));
    versions.emplace_back(fmt::format("{:020}", ~number), &version);
  }
  sort_by_key(versions);
  return answer_page(call.input, "Versions", versions,
                     [&](json::Writer& writer, const PolicyVersion* version) {
                       writer.begin_object();
                       write_version(writer, *policy, *version);
                       writer.end_object();
                     });
}

Answer set_default_policy_version(Account& account, const Call& call) {
  ManagedPolicy policy = *TRY(changeable_policy_of(account, call, "iam:SetDefaultPolicyVersion"));
  const std::string id = text_of(call.input, "VersionId");
  if (find_version(policy, id) == nullptr) return no_such_version(policy, id);
  policy.default_version = id;
  policy.updated_seconds = call.now_seconds;
  put_policy(account, std::move(policy));
  return std::string();
}

Answer delete_policy_version(Account& account, const Call& call) {
  ManagedPolicy policy = *TRY(changeable_policy_of(account, call, "iam:DeletePolicyVersion"));
  const std::string id = text_of(call.input, "VersionId");
  if (find_version(policy, id) == nullptr) return no_such_version(policy, id);
  if (id == policy.default_version) {
    return delete_conflict("Cannot delete the default version of a policy.");
  }
  std::erase_if(policy.versions, [&](const PolicyVersion& version) { return version.id == id; });
  put_policy(account, std::move(policy));
  return std::string();
}

}  // namespace millrace::iam
