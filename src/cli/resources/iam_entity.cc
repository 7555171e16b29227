#include "cli/resources/iam_entity.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "auth/uri.h"
#include "cli/resources/policy_document.h"
#include "cli/resources/shape.h"

namespace millrace::cli::resources {

namespace {

constexpr int64_t kDefaultSessionSeconds = 3600;

constexpr Property kInlinePolicyProperties[] = {{"PolicyName", &kText, Need::kRequired},
                                                {"PolicyDocument", &kDocument, Need::kRequired}};
constexpr Shape kInlinePolicy = structure(kInlinePolicyProperties);
constexpr Shape kInlinePolicies = list_of(kInlinePolicy);

constexpr Property kRoleProperties[] = {
    {"AssumeRolePolicyDocument", &kDocument, Need::kRequired},
    {"Description", &kText},
    {"ManagedPolicyArns", &kTexts},
    {"MaxSessionDuration", &kInteger},
    {"Path", &kText},
    {"PermissionsBoundary", &kText},
    {"Policies", &kInlinePolicies},
    {"RoleName", &kText},
    {"Tags", &kTags},
};
constexpr Property kUserProperties[] = {
    {"Groups", &kTexts},
    {"LoginProfile", nullptr},
    {"ManagedPolicyArns", &kTexts},
    {"Path", &kText},
    {"PermissionsBoundary", &kText},
    {"Policies", &kInlinePolicies},
    {"Tags", &kTags},
    {"UserName", &kText},
};
constexpr Property kGroupProperties[] = {
    {"GroupName", &kText},
    {"ManagedPolicyArns", &kTexts},
    {"Path", &kText},
    {"Policies", &kInlinePolicies},
};

}  // namespace

struct IamEntityType {
  std::string_view name;
  const char* kind;
  std::string_view arn_type;
  const char* id;  // its member and attribute
  Shape shape;
  const char* get;
  const char* create;
  const char* tag;
  const char* untag;
  const char* put_boundary;
  const char* delete_boundary;

  [[nodiscard]] bool has(std::string_view property) const {
    return std::ranges::find(shape.properties, property, &Property::name) != shape.properties.end();
  }
  [[nodiscard]] std::string name_property() const { return std::string(kind) + "Name"; }
};

namespace {

constexpr auto kTypes = std::to_array<IamEntityType>({
    {"AWS::IAM::Role", "Role", "role", "RoleId", structure(kRoleProperties), "GetRole",
     "CreateRole", "TagRole", "UntagRole", "PutRolePermissionsBoundary",
     "DeleteRolePermissionsBoundary"},
    {"AWS::IAM::User", "User", "user", "UserId", structure(kUserProperties), "GetUser",
     "CreateUser", "TagUser", "UntagUser", "PutUserPermissionsBoundary",
     "DeleteUserPermissionsBoundary"},
    {"AWS::IAM::Group", "Group", "group", "GroupId", structure(kGroupProperties), "GetGroup",
     "CreateGroup", nullptr, nullptr, nullptr, nullptr},
});

Node otherwise(const Node* node, const Node& value) {
  return node == nullptr || node->kind == NodeKind::kNull ? value : *node;
}

Result<Node> policies_by_name(const Node* list, const std::string& path) {
  Node policies = Node::map();
  if (list == nullptr) return policies;
  if (list->kind == NodeKind::kUnknown) return *list;
  for (const Node& policy : list->items) {
    const Node& name = *policy.find("PolicyName");
    if (!name.is_scalar()) return fault(name, path, "a name must be a text that is known");
    if (policies.find(name.text) != nullptr) {
      return fault(name, path, fmt::format("the policy '{}' is there twice", name.text));
    }
    policies.set(name.text,
                 TRY(declared_document(*policy.find("PolicyDocument"),
                                       policy::DocumentKind::kIdentity, joined(path, name.text))));
  }
  return policies;
}

Result<Node> wanted_of(const Node& properties, const IamEntityType& type, const std::string& path) {
  Node wanted = Node::map();
  wanted.set("Path", otherwise(properties.find("Path"), Node::of_text("/")));
  if (const Node* trust = properties.find("AssumeRolePolicyDocument")) {
    wanted.set("AssumeRolePolicyDocument",
               TRY(declared_document(*trust, policy::DocumentKind::kRoleTrust,
                                     joined(path, "AssumeRolePolicyDocument"))));
    wanted.set("Description", otherwise(properties.find("Description"), Node::of_text("")));
    wanted.set("MaxSessionDuration", otherwise(properties.find("MaxSessionDuration"),
                                               Node::of_integer(kDefaultSessionSeconds)));
  }
  wanted.set("ManagedPolicyArns",
             sorted_texts(otherwise(properties.find("ManagedPolicyArns"), Node::list())));
  wanted.set("Policies",
             TRY(policies_by_name(properties.find("Policies"), joined(path, "Policies"))));
  if (type.has("PermissionsBoundary")) {
    wanted.set("PermissionsBoundary", otherwise(properties.find("PermissionsBoundary"), Node()));
  }
  if (type.has("Groups")) {
    wanted.set("Groups", sorted_texts(otherwise(properties.find("Groups"), Node::list())));
  }
  if (type.has("Tags")) {
    const Node* tags = properties.find("Tags");
    wanted.set("Tags",
               tags == nullptr ? Node::map() : TRY(tags_as_map(*tags, joined(path, "Tags"))));
  }
  return wanted;
}

// Calls `add` and `remove` for what makes the list `from` the list `to`; what is added comes first,
// so that nothing is missing in between.
template <typename Add, typename Remove>
Status change_list(const Node& from, const Node& to, Add add, Remove remove) {
  for (const Node& item : to.items) {
    if (!has_text(from, item.text)) TRY(add(item.text));
  }
  for (const Node& item : from.items) {
    if (!has_text(to, item.text)) TRY(remove(item.text));
  }
  return Done{};
}

}  // namespace

Attributes IamEntity::expected_attributes(const Declaration& declaration, const Setting& setting) {
  const auto type = std::ranges::find(kTypes, declaration.type, &IamEntityType::name);
  if (type == kTypes.end()) return {};
  const auto name = name_of(declaration, setting, type->name_property());
  const Node path = otherwise(declaration.properties.find("Path"), Node::of_text("/"));
  if (!name.ok() || !path.is_scalar()) return {};
  return {{"Ref", Node::of_text(*name)},
          {"Arn", Node::of_text(iam_arn(setting, type->arn_type, path.text, *name))},
          {type->id, Node::unknown(fmt::format("the id of {}", *name))}};
}

Result<std::unique_ptr<Resource>> IamEntity::make(const Declaration& declaration,
                                                  const Setting& setting) {
  const auto type = std::ranges::find(kTypes, declaration.type, &IamEntityType::name);
  MILLRACE_CHECK(type != kTypes.end());
  const std::string& path = declaration.path;
  const Node properties = TRY(shaped(declaration.properties, type->shape, path));
  const std::string name = TRY(name_of(declaration, setting, type->name_property()));
  Node wanted = TRY(wanted_of(properties, *type, path));
  const Node& own_path = *wanted.find("Path");
  if (!own_path.is_scalar()) return fault(own_path, joined(path, "Path"), "must be known");
  std::vector<Grant> grants;
  std::ranges::copy_if(setting.grants, std::back_inserter(grants), [&](const Grant& grant) {
    return grant.kind == type->kind && grant.name == name;
  });
  return std::unique_ptr<Resource>(new IamEntity(*type, {type->kind, name}, std::move(wanted),
                                                 expected_attributes(declaration, setting),
                                                 std::move(grants)));
}

bool IamEntity::is_granted(std::string_view property, std::string_view value) const {
  return std::ranges::any_of(grants_, [&](const Grant& grant) {
    return grant.property == property && grant.value == value;
  });
}

void IamEntity::take_id(const Node& entity) {
  if (const Node* id = entity.find(type_.id)) attributes_.insert_or_assign(type_.id, *id);
}

Result<Node> IamEntity::describe(ServiceClient& client, const Node& entity) const {
  Node node = Node::map();
  node.set("Path", Node::of_text(entity.text_of("Path")));
  if (type_.has("AssumeRolePolicyDocument")) {
    node.set("AssumeRolePolicyDocument",
             current_document(auth::uri_decode(entity.text_of("AssumeRolePolicyDocument")),
                              policy::DocumentKind::kRoleTrust));
    node.set("Description", Node::of_text(entity.text_of("Description")));
    Node seconds = Node::of_integer(kDefaultSessionSeconds);
    if (const Node* told = entity.find("MaxSessionDuration")) seconds.text = told->text;
    node.set("MaxSessionDuration", std::move(seconds));
  }
  // What another resource gives it is that one's business.
  Node attached = TRY(attached_policies(client, self_));
  std::erase_if(attached.items, [&](const Node& arn) {
    return is_granted("ManagedPolicyArns", arn.text) &&
           !has_text(*wanted_.find("ManagedPolicyArns"), arn.text);
  });
  node.set("ManagedPolicyArns", std::move(attached));
  Node policies = TRY(inline_policies(client, self_));
  std::erase_if(policies.members, [&](const NodeMember& policy) {
    return is_granted("Policies", policy.name) &&
           wanted_.find("Policies")->find(policy.name) == nullptr;
  });
  node.set("Policies", std::move(policies));
  if (type_.has("PermissionsBoundary")) {
    const Node* boundary = entity.find("PermissionsBoundary");
    const Node* arn = boundary == nullptr ? nullptr : boundary->find("PermissionsBoundaryArn");
    node.set("PermissionsBoundary", arn == nullptr ? Node() : *arn);
  }
  if (const Node* wanted = wanted_.find("Groups")) {
    Node groups = Node::list();
    for (const Node& group :
         TRY(list_in_iam(client, "ListGroupsForUser", self_.body(), "Groups"))) {
      const std::string name = group.text_of("GroupName");
      if (has_text(*wanted, name) || !is_granted("Groups", name)) {
        groups.items.push_back(Node::of_text(name));
      }
    }
    node.set("Groups", sorted_texts(std::move(groups)));
  }
  if (const Node* wanted = wanted_.find("Tags")) {
    const Node* tags = entity.find("Tags");
    node.set("Tags",
             tags == nullptr ? Node::map() : owned_tags(TRY(tags_as_map(*tags, "Tags")), *wanted));
  }
  return node;
}

Result<Decision> IamEntity::compare(ServiceClient& client) {
  const Node answer = TRY(find_in_iam(client, type_.get, self_.body()));
  const Node* entity = answer.find(type_.kind);
  if (entity == nullptr) return Decision{Action::kCreate, self_.name, {}, attributes_};
  current_ = TRY(describe(client, *entity));
  take_id(*entity);
  changes_ = differences(current_, wanted_);
  for (const Difference& change : changes_) {
    if (change.property != "Path") continue;
    return fault(*wanted_.find("Path"), fmt::format("{} {}", type_.arn_type, self_.name),
                 fmt::format("{} needs another {}: give it another {}", change.text, type_.arn_type,
                             type_.name_property()));
  }
  const Action action = changes_.empty() ? Action::kKeep : Action::kUpdate;
  return Decision{action, self_.name, texts_of(changes_), attributes_};
}

Result<Attributes> IamEntity::apply(ServiceClient& client) {
  if (!current_.is_map()) {
    TRY(create(client));
  } else {
    TRY(update(client));
  }
  TRY(set_policies(client));
  TRY(set_attached(client));
  TRY(set_groups(client));
  return attributes_;
}

Status IamEntity::create(ServiceClient& client) {
  Node body = self_.body();
  for (const char* name : {"Path", "MaxSessionDuration", "PermissionsBoundary"}) {
    if (const Node* value = wanted_.find(name)) body.set(name, *value);
  }
  if (const Node* trust = wanted_.find("AssumeRolePolicyDocument")) {
    body.set("AssumeRolePolicyDocument", Node::of_text(to_json(*trust)));
    const Node& description = *wanted_.find("Description");
    if (!description.text.empty()) body.set("Description", description);
  }
  if (const Node* tags = wanted_.find("Tags")) body.set("Tags", tags_as_list(*tags));
  const Node answer = TRY(call_iam(client, type_.create, body));
  if (const Node* entity = answer.find(type_.kind)) take_id(*entity);
  current_ = Node::map();
  return Done{};
}

Status IamEntity::update(ServiceClient& client) {
  if (type_.has("AssumeRolePolicyDocument")) TRY(update_role(client));
  if (differs(changes_, "PermissionsBoundary")) TRY(set_boundary(client));
  if (const Node* tags = wanted_.find("Tags")) {
    TRY(change_iam_tags(client, type_.tag, type_.untag, self_.body(), *current_.find("Tags"),
                        *tags));
  }
  return Done{};
}

Status IamEntity::update_role(ServiceClient& client) {
  if (differs(changes_, "AssumeRolePolicyDocument")) {
    Node body = self_.body();
    body.set("PolicyDocument", Node::of_text(to_json(*wanted_.find("AssumeRolePolicyDocument"))));
    TRY(call_iam(client, "UpdateAssumeRolePolicy", body));
  }
  if (!differs(changes_, "Description") && !differs(changes_, "MaxSessionDuration")) return Done{};
  Node body = self_.body();
  for (const char* name : {"Description", "MaxSessionDuration"}) {
    body.set(name, *wanted_.find(name));
  }
  TRY(call_iam(client, "UpdateRole", body));
  return Done{};
}

Status IamEntity::set_boundary(ServiceClient& client) {
  const Node& boundary = *wanted_.find("PermissionsBoundary");
  Node body = self_.body();
  if (boundary.is_scalar()) body.set("PermissionsBoundary", boundary);
  TRY(call_iam(client, boundary.is_scalar() ? type_.put_boundary : type_.delete_boundary, body));
  return Done{};
}

Status IamEntity::set_policies(ServiceClient& client) {
  static const Node kNone = Node::map();
  const Node* old = current_.find("Policies");
  const Node& current = old == nullptr ? kNone : *old;
  const Node& wanted = *wanted_.find("Policies");
  for (const NodeMember& policy : wanted.members) {
    const Node* document = current.find(policy.name);
    if (document != nullptr && *document == policy.value) continue;
    TRY(put_inline_policy(client, self_, policy.name, policy.value));
  }
  for (const NodeMember& policy : current.members) {
    if (wanted.find(policy.name) != nullptr) continue;
    TRY(delete_inline_policy(client, self_, policy.name));
  }
  return Done{};
}

Status IamEntity::set_attached(ServiceClient& client) {
  const Node* current = current_.find("ManagedPolicyArns");
  return change_list(
      current == nullptr ? Node::list() : *current, *wanted_.find("ManagedPolicyArns"),
      [&](const std::string& arn) { return attach_policy(client, self_, arn); },
      [&](const std::string& arn) { return detach_policy(client, self_, arn); });
}

Status IamEntity::set_groups(ServiceClient& client) {
  const Node* wanted = wanted_.find("Groups");
  if (wanted == nullptr) return Done{};
  const auto call = [&](const char* operation, const std::string& group) -> Status {
    Node body = self_.body();
    body.set("GroupName", Node::of_text(group));
    TRY(call_iam(client, operation, body));
    return Done{};
  };
  const Node* current = current_.find("Groups");
  return change_list(
      current == nullptr ? Node::list() : *current, *wanted,
      [&](const std::string& group) { return call("AddUserToGroup", group); },
      [&](const std::string& group) { return call("RemoveUserFromGroup", group); });
}

}  // namespace millrace::cli::resources
