#include "cli/resources/resource.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/resources/function.h"
#include "cli/resources/iam_entity.h"
#include "cli/resources/iam_policies.h"
#include "cli/resources/log_group.h"
#include "cli/resources/mapping.h"
#include "cli/resources/permission.h"
#include "cli/resources/table.h"
#include "cli/resources/trail.h"
#include "cli/resources/unapplied.h"

namespace millrace::cli::resources {

namespace {

struct Type {
  std::string_view name;
  Result<std::unique_ptr<Resource>> (*make)(const Declaration& declaration, const Setting& setting);
};

constexpr auto kTypes = std::to_array<Type>({
    {"AWS::CloudTrail::Trail", Trail::make},
    {"AWS::DynamoDB::Table", Table::make},
    {"AWS::IAM::Group", IamEntity::make},
    {"AWS::IAM::ManagedPolicy", ManagedPolicy::make},
    {"AWS::IAM::Policy", InlinePolicy::make},
    {"AWS::IAM::Role", IamEntity::make},
    {"AWS::IAM::User", IamEntity::make},
    {"AWS::IAM::UserToGroupAddition", GroupMembers::make},
    {"AWS::Lambda::EventSourceMapping", Mapping::make},
    {"AWS::Lambda::Function", Function::make},
    {"AWS::Lambda::Permission", Permission::make},
    {"AWS::Logs::LogGroup", LogGroup::make},
});

}  // namespace

bool is_resource_type(std::string_view type) {
  return std::ranges::find(kTypes, type, &Type::name) != kTypes.end() || Unapplied::is_type(type);
}

Result<std::unique_ptr<Resource>> make_resource(const Declaration& declaration,
                                                const Setting& setting) {
  const auto type = std::ranges::find(kTypes, declaration.type, &Type::name);
  if (type != kTypes.end()) return type->make(declaration, setting);
  if (Unapplied::is_type(declaration.type)) {
    return Unapplied::make(declaration, setting);
  }
  return fault(declaration.properties, declaration.path,
               fmt::format("the resource type {} is not supported", declaration.type));
}

Result<std::string> name_of(const Declaration& declaration, const Setting& setting,
                            std::string_view property) {
  const Node* name = declaration.properties.find(property);
  if (name == nullptr) return setting.stack_name + "-" + declaration.logical_id;
  if (name->is_scalar() && !name->text.empty()) return name->text;
  return fault(*name, joined(declaration.path, property), "a name must be a text that is known");
}

Call call_of(std::string_view operation, const Node& body, std::string_view target_prefix) {
  return {.operation = operation, .body = to_json(body), .target_prefix = target_prefix};
}

}  // namespace millrace::cli::resources
