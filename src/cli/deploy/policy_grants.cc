#include "cli/deploy/policy_grants.h"

#include "cli/resources/iam_entity.h"
#include "cli/resources/iam_policies.h"

namespace millrace::cli::deploy {

namespace {

using resources::Declaration;
using resources::Node;
using resources::NodeMember;

// With those of its properties that can be told in the scope.
Declaration declaration_of(const TemplateResource& resource, const Scope& scope) {
  Declaration declaration{.logical_id = resource.logical_id,
                          .type = resource.type,
                          .properties = Node::map(),
                          .path = resource.path()};
  for (const NodeMember& member : resource.properties.members) {
    auto value = resolve(member.value, scope, declaration.path);
    const bool is_nothing = value.ok() && !value->has_value();
    if (is_nothing) continue;
    declaration.properties.set(member.name,
                               value.ok() ? std::move(**value) : Node::unknown(member.name));
  }
  return declaration;
}

}  // namespace

std::vector<resources::Grant> policy_grants(const std::vector<TemplateResource>& resources,
                                            const Scope& scope, const resources::Setting& setting) {
  Scope names = scope;
  for (const TemplateResource& resource : resources) {
    if (scope.left_out.contains(resource.logical_id)) continue;
    if (!resource.type.starts_with("AWS::IAM::")) continue;
    names.attributes.insert_or_assign(
        resource.logical_id,
        resources::IamEntity::expected_attributes(declaration_of(resource, scope), setting));
  }
  std::vector<resources::Grant> grants;
  for (const TemplateResource& resource : resources) {
    if (scope.left_out.contains(resource.logical_id)) continue;
    if (!resource.type.starts_with("AWS::IAM::")) continue;
    const auto given = resources::grants_of(declaration_of(resource, names), setting);
    grants.insert(grants.end(), given.begin(), given.end());
  }
  return grants;
}

}  // namespace millrace::cli::deploy
