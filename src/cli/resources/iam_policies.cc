#include "cli/resources/iam_policies.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "auth/uri.h"
#include "cli/resources/policy_document.h"
#include "cli/resources/shape.h"

namespace millrace::cli::resources {

namespace {

constexpr size_t kVersionsMax = 5;

constexpr Property kPolicyProperties[] = {
    {"Groups", &kTexts},
    {"PolicyDocument", &kDocument, Need::kRequired},
    {"PolicyName", &kText, Need::kRequired},
    {"Roles", &kTexts},
    {"Users", &kTexts},
};
constexpr Shape kPolicy = structure(kPolicyProperties);
constexpr Property kManagedPolicyProperties[] = {
    {"Description", &kText},
    {"Groups", &kTexts},
    {"ManagedPolicyName", &kText},
    {"Path", &kText},
    {"PolicyDocument", &kDocument, Need::kRequired},
    {"Roles", &kTexts},
    {"Users", &kTexts},
};
constexpr Shape kManagedPolicy = structure(kManagedPolicyProperties);
constexpr Property kGroupMembersProperties[] = {{"GroupName", &kText, Need::kRequired},
                                                {"Users", &kTexts, Need::kRequired}};
constexpr Shape kGroupMembers = structure(kGroupMembersProperties);

constexpr auto kGranteeLists = std::to_array<std::pair<const char*, const char*>>(
    {{"Users", "User"}, {"Groups", "Group"}, {"Roles", "Role"}});

constexpr const char* kManagedPolicyType = "AWS::IAM::ManagedPolicy";

// Those whose names are known.
std::vector<Grantee> grantees_of(const Node& properties) {
  std::vector<Grantee> grantees;
  for (const auto& [list, kind] : kGranteeLists) {
    const Node* names = properties.find(list);
    if (names == nullptr) continue;
    for (const Node& name : names->items) {
      if (name.is_scalar()) grantees.push_back({kind, name.text});
    }
  }
  return grantees;
}

// Names are, since those of users, groups and roles are no attributes that come with the making.
Status check_known(const Node& properties, const std::string& path) {
  for (const auto& [list, kind] : kGranteeLists) {
    const Node* names = properties.find(list);
    if (names != nullptr && has_unknown(*names)) {
      return fault(*names, joined(path, list), "names must be known");
    }
  }
  return Done{};
}

std::string arn_of(const Declaration& declaration, const Setting& setting,
                   const std::string& name) {
  const std::string path = declaration.properties.text_of("Path");
  return iam_arn(setting, "policy", path.empty() ? "/" : path, name);
}

std::string title_of(const Grantee& grantee) {
  std::string title = grantee.kind + " " + grantee.name;
  title.front() = static_cast<char>(title.front() - 'A' + 'a');
  return title;
}

std::vector<std::string> titles_of(const std::vector<Grantee>& grantees, std::string_view what) {
  std::vector<std::string> titles;
  for (const Grantee& grantee : grantees) {
    titles.push_back(fmt::format("{} {}", what, title_of(grantee)));
  }
  return titles;
}

}  // namespace

std::vector<Grant> grants_of(const Declaration& declaration, const Setting& setting) {
  std::vector<Grant> grants;
  const auto give = [&](const char* property, const std::string& value) {
    for (const Grantee& grantee : grantees_of(declaration.properties)) {
      grants.push_back({grantee.kind, grantee.name, property, value});
    }
  };
  if (declaration.type == "AWS::IAM::Policy") {
    give("Policies", declaration.properties.text_of("PolicyName"));
  } else if (declaration.type == "AWS::IAM::UserToGroupAddition") {
    give("Groups", declaration.properties.text_of("GroupName"));
  } else if (declaration.type == kManagedPolicyType) {
    const auto name = name_of(declaration, setting, "ManagedPolicyName");
    if (name.ok()) give("ManagedPolicyArns", arn_of(declaration, setting, *name));
  }
  return grants;
}

Result<std::unique_ptr<Resource>> InlinePolicy::make(const Declaration& declaration,
                                                     const Setting& setting) {
  const std::string& path = declaration.path;
  const Node properties = TRY(shaped(declaration.properties, kPolicy, path));
  const std::string name = TRY(name_of(declaration, setting, "PolicyName"));
  Node document =
      TRY(declared_document(*properties.find("PolicyDocument"), policy::DocumentKind::kIdentity,
                            joined(path, "PolicyDocument")));
  TRY(check_known(properties, path));
  std::vector<Grantee> grantees = grantees_of(properties);
  if (grantees.empty()) {
    return fault(properties, path, "takes at least one of Users, Groups and Roles");
  }
  return std::unique_ptr<Resource>(
      new InlinePolicy(name, std::move(document), std::move(grantees)));
}

Result<Decision> InlinePolicy::compare(ServiceClient& client) {
  differing_.clear();
  bool is_there = false;
  std::vector<std::string> told;
  for (const Grantee& grantee : grantees_) {
    const Node current = TRY(inline_policy(client, grantee, name_));
    is_there = is_there || current.is_map();
    if (current == document_) continue;
    differing_.push_back(grantee);
    if (current.is_map()) {
      Node from = Node::map();
      Node to = Node::map();
      from.set("PolicyDocument", current);
      to.set("PolicyDocument", document_);
      for (const Difference& change : differences(from, to)) {
        told.push_back(fmt::format("{}: {}", title_of(grantee), change.text));
      }
    } else {
      told.push_back("for " + title_of(grantee));
    }
  }
  Attributes attributes = {{"Ref", Node::of_text(name_)}};
  if (differing_.empty()) return Decision{Action::kKeep, name_, {}, std::move(attributes)};
  const Action action = is_there ? Action::kUpdate : Action::kCreate;
  return Decision{action, name_, std::move(told), std::move(attributes)};
}

Result<Attributes> InlinePolicy::apply(ServiceClient& client) {
  for (const Grantee& grantee : differing_) {
    TRY(put_inline_policy(client, grantee, name_, document_));
  }
  return Attributes{{"Ref", Node::of_text(name_)}};
}

Result<std::unique_ptr<Resource>> ManagedPolicy::make(const Declaration& declaration,
                                                      const Setting& setting) {
  const std::string& path = declaration.path;
  const Node properties = TRY(shaped(declaration.properties, kManagedPolicy, path));
  const std::string name = TRY(name_of(declaration, setting, "ManagedPolicyName"));
  Node wanted = Node::map();
  for (const auto& [property, otherwise] : {std::pair("Description", ""), std::pair("Path", "/")}) {
    const Node* value = properties.find(property);
    wanted.set(property, value == nullptr ? Node::of_text(otherwise) : *value);
  }
  wanted.set("PolicyDocument", TRY(declared_document(*properties.find("PolicyDocument"),
                                                     policy::DocumentKind::kIdentity,
                                                     joined(path, "PolicyDocument"))));
  const Node& own_path = *wanted.find("Path");
  if (!own_path.is_scalar()) return fault(own_path, joined(path, "Path"), "must be known");
  TRY(check_known(properties, path));
  return std::unique_ptr<Resource>(new ManagedPolicy(name, arn_of(declaration, setting, name),
                                                     std::move(wanted), grantees_of(properties)));
}

Attributes ManagedPolicy::attributes() const {
  return {{"Ref", Node::of_text(arn_)}, {"PolicyArn", Node::of_text(arn_)}};
}

Node ManagedPolicy::body() const {
  Node body = Node::map();
  body.set("PolicyArn", Node::of_text(arn_));
  return body;
}

Result<Node> ManagedPolicy::describe(ServiceClient& client, const Node& policy) const {
  Node node = Node::map();
  for (const char* name : {"Description", "Path"}) {
    node.set(name, Node::of_text(policy.text_of(name)));
  }
  Node version = body();
  version.set("VersionId", Node::of_text(policy.text_of("DefaultVersionId")));
  const Node answer = TRY(call_iam(client, "GetPolicyVersion", version));
  const Node* told = answer.find("PolicyVersion");
  const std::string document = told == nullptr ? "" : told->text_of("Document");
  node.set("PolicyDocument",
           current_document(auth::uri_decode(document), policy::DocumentKind::kIdentity));
  return node;
}

Result<Decision> ManagedPolicy::compare(ServiceClient& client) {
  const Node answer = TRY(find_in_iam(client, "GetPolicy", body()));
  const Node* policy = answer.find("Policy");
  exists_ = policy != nullptr;
  without_.clear();
  for (const Grantee& grantee : grantees_) {
    if (!exists_ || !has_text(TRY(attached_policies(client, grantee)), arn_)) {
      without_.push_back(grantee);
    }
  }
  std::vector<std::string> told = titles_of(without_, "for");
  if (!exists_) return Decision{Action::kCreate, name_, std::move(told), attributes()};
  changes_ = differences(TRY(describe(client, *policy)), wanted_);
  for (const Difference& change : changes_) {
    if (change.property != "Description") continue;
    return fault(*wanted_.find("Description"), "policy " + name_,
                 change.text + " needs another policy: give it another ManagedPolicyName");
  }
  std::vector<std::string> texts = texts_of(changes_);
  std::ranges::move(told, std::back_inserter(texts));
  const Action action = texts.empty() ? Action::kKeep : Action::kUpdate;
  return Decision{action, name_, std::move(texts), attributes()};
}

Result<Attributes> ManagedPolicy::apply(ServiceClient& client) {
  if (!exists_) {
    TRY(create(client));
  } else if (!changes_.empty()) {
    TRY(put_version(client));
  }
  for (const Grantee& grantee : without_) TRY(attach_policy(client, grantee, arn_));
  return attributes();
}

Status ManagedPolicy::create(ServiceClient& client) {
  Node body = Node::map();
  body.set("PolicyName", Node::of_text(name_));
  body.set("Path", *wanted_.find("Path"));
  const Node& description = *wanted_.find("Description");
  if (!description.text.empty()) body.set("Description", description);
  body.set("PolicyDocument", Node::of_text(to_json(*wanted_.find("PolicyDocument"))));
  TRY(call_iam(client, "CreatePolicy", body));
  return Done{};
}

Status ManagedPolicy::put_version(ServiceClient& client) {
  // Newest first.
  const auto versions = TRY(list_in_iam(client, "ListPolicyVersions", body(), "Versions"));
  if (versions.size() >= kVersionsMax) {
    const auto oldest = std::find_if(versions.rbegin(), versions.rend(), [](const Node& version) {
      return version.text_of("IsDefaultVersion") != "true";
    });
    if (oldest != versions.rend()) {
      Node old = body();
      old.set("VersionId", Node::of_text(oldest->text_of("VersionId")));
      TRY(call_iam(client, "DeletePolicyVersion", old));
    }
  }
  Node version = body();
  version.set("PolicyDocument", Node::of_text(to_json(*wanted_.find("PolicyDocument"))));
  version.set("SetAsDefault", Node::of_boolean(true));
  TRY(call_iam(client, "CreatePolicyVersion", version));
  return Done{};
}

Result<std::unique_ptr<Resource>> GroupMembers::make(const Declaration& declaration,
                                                     const Setting&) {
  const std::string& path = declaration.path;
  const Node properties = TRY(shaped(declaration.properties, kGroupMembers, path));
  TRY(check_known(properties, path));
  const Node& group = *properties.find("GroupName");
  if (!group.is_scalar()) return fault(group, joined(path, "GroupName"), "must be known");
  return std::unique_ptr<Resource>(
      new GroupMembers(declaration.logical_id, group.text, grantees_of(properties)));
}

Result<Decision> GroupMembers::compare(ServiceClient& client) {
  missing_.clear();
  for (const Grantee& user : users_) {
    const auto groups = TRY(list_in_iam(client, "ListGroupsForUser", user.body(), "Groups"));
    const bool is_member = std::ranges::any_of(
        groups, [&](const Node& group) { return group.text_of("GroupName") == group_; });
    if (!is_member) missing_.push_back(user);
  }
  const bool is_new = missing_.size() == users_.size() && !users_.empty();
  Action action = is_new ? Action::kCreate : Action::kUpdate;
  if (missing_.empty()) action = Action::kKeep;
  return Decision{
      action, group_, titles_of(missing_, "for"), {{"Ref", Node::of_text(logical_id_)}}};
}

Result<Attributes> GroupMembers::apply(ServiceClient& client) {
  for (const Grantee& user : missing_) {
    Node body = user.body();
    body.set("GroupName", Node::of_text(group_));
    TRY(call_iam(client, "AddUserToGroup", body));
  }
  return Attributes{{"Ref", Node::of_text(logical_id_)}};
}

}  // namespace millrace::cli::resources
