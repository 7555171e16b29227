#include "wire/query_constraints.h"

#include <fmt/format.h>

#include "api/validate.h"
#include "api/value_text.h"

namespace millrace::wire {
namespace {

// Of userName, groupName, roleName and policyName in IAM's API model.
constexpr std::string_view kNamePattern = R"([\w+=,.@-]+)";

}  // namespace

Status check_query_constraints(const api::Shape& shape, json::Element request) {
  const json::Object input = request.get_object().value_unsafe();
  for (const api::Member& member : shape.members) {
    if (member.shape->pattern == nullptr || member.shape->pattern->text != kNamePattern) continue;
    const auto value = json::member(input, member.name);
    if (!value || !value->is_string()) continue;
    const std::string_view name = value->get_string().value_unsafe();
    if (name.empty() || member.shape->pattern->matches(name)) continue;
    return validation_error(
        fmt::format("The specified value for {} is invalid. It must contain only alphanumeric "
                    "characters and/or the following: +=,.@_-",
                    api::lower_first(member.name)));
  }
  return check_constraints(shape, request);
}

}  // namespace millrace::wire
