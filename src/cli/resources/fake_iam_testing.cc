#include "cli/resources/fake_iam_testing.h"

#include <algorithm>

#include <fmt/format.h>

#include "auth/uri.h"
#include "cli/resources/shape.h"

namespace millrace::cli::resources {
namespace {

using Texts = std::vector<std::string>;

std::string xml_of(const Node& node) {
  std::string xml;
  for (const Node& item : node.items) xml += fmt::format("<member>{}</member>", xml_of(item));
  for (const NodeMember& member : node.members) {
    xml += fmt::format("<{0}>{1}</{0}>", member.name, xml_of(member.value));
  }
  return node.is_scalar() ? node.text : xml;  // without what would have to be escaped
}

std::string encoded(const std::string& text) {
  std::string out;
  auth::append_uri_encoded(out, text);
  return out;
}

std::map<std::string, std::string> parameters_of(const std::string& form) {
  std::map<std::string, std::string> parameters;
  for (size_t begin = 0; begin < form.size();) {
    const size_t end = std::min(form.find('&', begin), form.size());
    const std::string pair = form.substr(begin, end - begin);
    const size_t equals = pair.find('=');
    parameters[auth::uri_decode(pair.substr(0, equals))] =
        auth::uri_decode(pair.substr(equals + 1));
    begin = end + 1;
  }
  return parameters;
}

std::string value_of(const std::map<std::string, std::string>& parameters,
                     const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? "" : found->second;
}

// Tags.member.1.Key …
Node tags_of(const std::map<std::string, std::string>& parameters) {
  Node tags = Node::map();
  for (int i = 1; parameters.contains(fmt::format("Tags.member.{}.Key", i)); ++i) {
    tags.set(parameters.at(fmt::format("Tags.member.{}.Key", i)),
             Node::of_text(parameters.at(fmt::format("Tags.member.{}.Value", i))));
  }
  return tags;
}

Node list_of_maps(const char* member, const Texts& texts) {
  Node list = Node::list();
  for (const std::string& text : texts) {
    Node item = Node::map();
    item.set(member, Node::of_text(text));
    list.items.push_back(std::move(item));
  }
  return list;
}

FakeIamAnswer succeed(const Node& result = Node::map()) {
  return {200, xml_of(result)};
}

FakeIamAnswer succeed(const char* member, Node value) {
  Node result = Node::map();
  result.set(member, std::move(value));
  return succeed(result);
}

FakeIamAnswer fail(int status, const std::string& code) {
  return {status, fmt::format("<ErrorResponse><Error><Code>{}</Code><Message>no</Message></Error>"
                              "</ErrorResponse>",
                              code)};
}

}  // namespace

FakeIamAnswer FakeIam::answer(const std::string& form, Texts& changes) {
  const Parameters parameters = parameters_of(form);
  const std::string action = parameters.at("Action");
  std::string kind = "Policy";
  for (const char* other : {"Role", "User", "Group"}) {
    if (parameters.contains(std::string(other) + "Name")) kind = other;
  }
  // Of a user that is put into a group.
  if (parameters.contains("UserName")) kind = "User";
  std::string name = value_of(parameters, kind == "Policy" ? "PolicyArn" : kind + "Name");
  if (!action.starts_with("Get") && !action.starts_with("List")) {
    const std::string shown = name.empty() ? value_of(parameters, "PolicyName") : name;
    changes.push_back(action + " " + shown);
  }
  FakeIamAnswer given;
  if (action == "Create" + kind) {
    given = create(kind, parameters);
  } else if (const auto found = entities_.find({kind, name}); found == entities_.end()) {
    given = fail(404, "NoSuchEntity");
  } else if (action == "Delete" + kind) {
    entities_.erase(found);
  } else if (kind == "Policy") {
    given = answer_policy(action, found->second, parameters);
  } else {
    given = answer_entity(kind, action, found->second, parameters);
  }
  if (given.status == 200) {
    given.xml =
        fmt::format("<{0}Response><{0}Result>{1}</{0}Result></{0}Response>", action, given.xml);
  }
  return given;
}

FakeIamAnswer FakeIam::create(const std::string& kind, const Parameters& parameters) {
  const std::string name = value_of(parameters, kind + "Name");
  const std::string path = value_of(parameters, "Path");
  std::string type = kind;
  type.front() = static_cast<char>(type.front() - 'A' + 'a');
  const std::string arn =
      fmt::format("arn:aws:iam::123456789012:{}{}{}", type, path.empty() ? "/" : path, name);
  Entity entity;
  for (const char* member :
       {"Path", "Description", "MaxSessionDuration", "UserName", "RoleName", "GroupName"}) {
    const std::string value = value_of(parameters, member);
    if (!value.empty()) entity.described.set(member, Node::of_text(value));
  }
  entity.described.set("Arn", Node::of_text(arn));
  entity.described.set(kind + "Id", Node::of_text("ID-" + name));
  entity.described.set("AssumeRolePolicyDocument",
                       Node::of_text(encoded(value_of(parameters, "AssumeRolePolicyDocument"))));
  entity.described.set("Tags", tags_as_list(tags_of(parameters)));
  if (const std::string boundary = value_of(parameters, "PermissionsBoundary"); !boundary.empty()) {
    Node told = Node::map();
    told.set("PermissionsBoundaryArn", Node::of_text(boundary));
    entity.described.set("PermissionsBoundary", told);
  }
  if (kind == "Policy") {
    entity.documents["v1"] = value_of(parameters, "PolicyDocument");
    entity.described.set("DefaultVersionId", Node::of_text("v1"));
    entity.versions = 1;
  }
  const Node described = entity.described;
  if (!entities_.emplace(std::pair(kind, kind == "Policy" ? arn : name), std::move(entity))
           .second) {
    return fail(409, "EntityAlreadyExists");
  }
  return succeed(kind.c_str(), described);
}

FakeIamAnswer FakeIam::answer_entity(const std::string& kind, const std::string& verb,
                                     Entity& entity, const Parameters& parameters) {
  const std::string policy = value_of(parameters, "PolicyName");
  const std::string arn = value_of(parameters, "PolicyArn");
  Node& described = entity.described;
  if (verb == "Get" + kind) return succeed(kind.c_str(), described);
  if (verb == "Get" + kind + "Policy") {
    if (!entity.documents.contains(policy)) return fail(404, "NoSuchEntity");
    return succeed("PolicyDocument", Node::of_text(encoded(entity.documents[policy])));
  }
  if (verb == "List" + kind + "Policies") {
    Node names = Node::list();
    for (const auto& [name, document] : entity.documents) {
      names.items.push_back(Node::of_text(name));
    }
    return succeed("PolicyNames", names);
  }
  if (verb == "ListAttached" + kind + "Policies") {
    return succeed("AttachedPolicies", list_of_maps("PolicyArn", entity.attached));
  }
  if (verb == "ListGroupsForUser") {
    return succeed("Groups", list_of_maps("GroupName", entity.groups));
  }
  if (verb == "Put" + kind + "Policy") {
    entity.documents[policy] = value_of(parameters, "PolicyDocument");
  } else if (verb == "Delete" + kind + "Policy") {
    entity.documents.erase(policy);
  } else if (verb == "Attach" + kind + "Policy") {
    entity.attached.push_back(arn);
  } else if (verb == "Detach" + kind + "Policy") {
    std::erase(entity.attached, arn);
  } else if (verb == "AddUserToGroup") {
    entity.groups.push_back(value_of(parameters, "GroupName"));
  } else if (verb == "RemoveUserFromGroup") {
    std::erase(entity.groups, value_of(parameters, "GroupName"));
  } else if (verb == "UpdateAssumeRolePolicy") {
    described.set("AssumeRolePolicyDocument",
                  Node::of_text(encoded(value_of(parameters, "PolicyDocument"))));
  } else if (verb == "UpdateRole") {
    for (const char* member : {"Description", "MaxSessionDuration"}) {
      described.set(member, Node::of_text(value_of(parameters, member)));
    }
  } else if (verb == "Tag" + kind || verb == "Untag" + kind) {
    Node tags = *tags_as_map(*described.find("Tags"), "");
    for (const NodeMember& tag : tags_of(parameters).members) tags.set(tag.name, tag.value);
    tags.erase(value_of(parameters, "TagKeys.member.1"));
    described.set("Tags", tags_as_list(tags));
  } else if (verb == "Put" + kind + "PermissionsBoundary") {
    Node told = Node::map();
    told.set("PermissionsBoundaryArn", Node::of_text(value_of(parameters, "PermissionsBoundary")));
    described.set("PermissionsBoundary", told);
  } else if (verb == "Delete" + kind + "PermissionsBoundary") {
    described.erase("PermissionsBoundary");
  } else {
    return fail(400, "InvalidAction");
  }
  return succeed();
}

FakeIamAnswer FakeIam::answer_policy(const std::string& action, Entity& entity,
                                     const Parameters& parameters) {
  const std::string version = value_of(parameters, "VersionId");
  if (action == "GetPolicy") return succeed("Policy", entity.described);
  if (action == "GetPolicyVersion") {
    Node told = Node::map();
    told.set("Document", Node::of_text(encoded(entity.documents.at(version))));
    return succeed("PolicyVersion", told);
  }
  if (action == "ListPolicyVersions") {
    Node versions = Node::list();
    for (int number = entity.versions; number > 0; --number) {
      const std::string id = fmt::format("v{}", number);
      if (!entity.documents.contains(id)) continue;
      Node told = Node::map();
      told.set("VersionId", Node::of_text(id));
      told.set("IsDefaultVersion",
               Node::of_boolean(id == entity.described.text_of("DefaultVersionId")));
      versions.items.push_back(std::move(told));
    }
    return succeed("Versions", versions);
  }
  if (action == "DeletePolicyVersion") {
    entity.documents.erase(version);
    return succeed();
  }
  if (action != "CreatePolicyVersion") return fail(400, "InvalidAction");
  const std::string id = fmt::format("v{}", ++entity.versions);
  entity.documents[id] = value_of(parameters, "PolicyDocument");
  entity.described.set("DefaultVersionId", Node::of_text(id));
  return succeed();
}

}  // namespace millrace::cli::resources
