#include <algorithm>
#include <variant>

#include "iam/operations/entity.h"
#include "iam/operations/entity_writer.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"
#include "iam/operations/policy_reference.h"

namespace millrace::iam {
namespace {

// A policy with all its versions may take 100 KB.
constexpr size_t kDetailsMax = 100;

// What a page holds, in this order.
struct Details {
  std::vector<UserPointer> users;
  std::vector<GroupPointer> groups;
  std::vector<RolePointer> roles;
  std::vector<ManagedPolicyPointer> policies;
};

class Selection {
 public:
  Selection(const Account& account, std::vector<std::string> filter)
      : usages_(policy_usages(account)), filter_(std::move(filter)) {
    add("User", '1', account.users);
    add("Group", '2', account.groups);
    add("Role", '3', account.roles);
    for (const auto& [arn, policy] : account.policies) {
      const bool aws = is_aws_managed(arn);
      // Of those that come with the server, the ones in use.
      if (!wants(aws ? "AWSManagedPolicy" : "LocalManagedPolicy")) continue;
      if (aws && usage_of(usages_, arn).attachments == 0) continue;
      places_.emplace_back('4' + policy_key(*policy), policy);
    }
    sort_by_key(places_);
  }

  using Place = std::variant<UserPointer, GroupPointer, RolePointer, ManagedPolicyPointer>;
  [[nodiscard]] const std::vector<Keyed<Place>>& places() const { return places_; }
  [[nodiscard]] const PolicyUsages& usages() const { return usages_; }

 private:
  [[nodiscard]] bool wants(std::string_view kind) const {
    return filter_.empty() || std::ranges::find(filter_, kind) != filter_.end();
  }
  template <typename Entities>
  void add(std::string_view kind, char place, const Entities& entities) {
    if (!wants(kind)) return;
    for (const auto& [key, entity] : entities) places_.emplace_back(place + key, entity);
  }

  const PolicyUsages usages_;
  const std::vector<std::string> filter_;
  std::vector<Keyed<Place>> places_;
};

Details details_of(const Selection& selection, const Page& page) {
  Details details;
  for (size_t at = page.first; at < page.last; ++at) {
    const Selection::Place& place = selection.places()[at].second;
    if (const auto* user = std::get_if<UserPointer>(&place)) details.users.push_back(*user);
    if (const auto* group = std::get_if<GroupPointer>(&place)) details.groups.push_back(*group);
    if (const auto* role = std::get_if<RolePointer>(&place)) details.roles.push_back(*role);
    if (const auto* policy = std::get_if<ManagedPolicyPointer>(&place)) {
      details.policies.push_back(*policy);
    }
  }
  return details;
}

void write_grants(json::Writer& writer, const Account& account, const Grants& grants,
                  std::string_view inline_list) {
  writer.key(inline_list);
  writer.begin_array();
  for (const auto& [name, document] : grants.inline_policies) {
    writer.begin_object();
    writer.member("PolicyName", name);
    write_document(writer, "PolicyDocument", document);
    writer.end_object();
  }
  writer.end_array();
  writer.key("AttachedManagedPolicies");
  writer.begin_array();
  for (const std::string& arn : grants.attached_policies) {
    const ManagedPolicyPointer policy = account.find_policy(arn);
    if (policy == nullptr) continue;
    writer.begin_object();
    writer.member("PolicyName", policy->name);
    writer.member("PolicyArn", arn);
    writer.end_object();
  }
  writer.end_array();
}

void write_groups(json::Writer& writer, const Account& account, const User& user) {
  writer.key("GroupList");
  writer.begin_array();
  for (const std::string& key : user.groups) {
    if (const GroupPointer group = account.find_group(key)) writer.string(group->name);
  }
  writer.end_array();
}

void write_role_detail(json::Writer& writer, const Account& account, const Role& role) {
  write_entity(writer, role, "Role");
  write_document(writer, "AssumeRolePolicyDocument", role.trust);
  writer.key("InstanceProfileList");
  writer.begin_array();
  writer.end_array();
  write_grants(writer, account, role.grants, "RolePolicyList");
  write_boundary(writer, role.grants);
  write_tags(writer, role.tags);
}

void write_policy_detail(json::Writer& writer, const ManagedPolicy& policy,
                         const PolicyUsage& usage) {
  write_policy(writer, policy, usage, Detail::kListed);
  if (!policy.description.empty()) writer.member("Description", policy.description);
  writer.key("PolicyVersionList");
  writer.begin_array();
  for (const PolicyVersion& version : policy.versions) {
    writer.begin_object();
    write_document(writer, "Document", version.document);
    write_version(writer, policy, version);
    writer.end_object();
  }
  writer.end_array();
}

template <typename Elements, typename Write>
void write_list(json::Writer& writer, std::string_view list, const Elements& elements,
                Write write) {
  writer.key(list);
  writer.begin_array();
  for (const auto& element : elements) {
    writer.begin_object();
    write(*element);
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace

Answer get_account_authorization_details(const Account& account, const Call& call) {
  const Selection selection(account, texts_of(call.input, "Filter"));
  const Page page = TRY(page_of(call.input, selection.places(), kDetailsMax));
  const Details details = details_of(selection, page);
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  write_list(writer, "UserDetailList", details.users, [&](const User& user) {
    write_user(writer, user, Detail::kWhole);
    write_groups(writer, account, user);
    write_grants(writer, account, user.grants, "UserPolicyList");
  });
  write_list(writer, "GroupDetailList", details.groups, [&](const Group& group) {
    write_group(writer, group);
    write_grants(writer, account, group.grants, "GroupPolicyList");
  });
  write_list(writer, "RoleDetailList", details.roles,
             [&](const Role& role) { write_role_detail(writer, account, role); });
  write_list(writer, "Policies", details.policies, [&](const ManagedPolicy& policy) {
    write_policy_detail(writer, policy, usage_of(selection.usages(), policy.arn));
  });
  page.write_end(writer);
  writer.end_object();
  return out;
}

}  // namespace millrace::iam
