#include "access/returned_attributes.h"

#include <algorithm>
#include <array>

#include "ops/input.h"

namespace millrace::access {
namespace {

constexpr auto kReads = std::to_array<std::string_view>({
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:PartiQLSelect",
    "dynamodb:Query",
    "dynamodb:Scan",
});
constexpr auto kItemWrites = std::to_array<std::string_view>({
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLUpdate",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
});

bool has_projection(const Part& part) {
  if (part.statement != nullptr) {
    const auto* select = std::get_if<partiql::Select>(part.statement);
    return select != nullptr && select->projection.has_value();
  }
  return json::member(*part.items, "ProjectionExpression") ||
         json::member(*part.items, "AttributesToGet");
}

std::string_view value_of(partiql::Returning returning) {
  switch (returning) {
    case partiql::Returning::kNone:
      return "NONE";
    case partiql::Returning::kAllOld:
      return "ALL_OLD";
    case partiql::Returning::kModifiedOld:
      return "UPDATED_OLD";
    case partiql::Returning::kAllNew:
      return "ALL_NEW";
    case partiql::Returning::kModifiedNew:
      return "UPDATED_NEW";
  }
  return "NONE";
}

std::string_view asked_values(const Part& part) {
  if (part.statement == nullptr) {
    return ops::optional_string(*part.items, "ReturnValues").value_or("NONE");
  }
  if (const auto* update = std::get_if<partiql::Update>(part.statement)) {
    return value_of(update->returning);
  }
  if (const auto* deletion = std::get_if<partiql::Delete>(part.statement)) {
    return value_of(deletion->returning);
  }
  return "NONE";
}

}  // namespace

std::optional<std::string_view> selected_attributes(std::string_view permission, const Part& part) {
  if (!part.items || std::ranges::find(kReads, permission) == kReads.end()) return std::nullopt;
  if (const auto select = ops::optional_string(*part.items, "Select")) return select;
  if (has_projection(part)) return "SPECIFIC_ATTRIBUTES";
  return part.index_name.empty() ? "ALL_ATTRIBUTES" : "ALL_PROJECTED_ATTRIBUTES";
}

std::optional<std::string_view> returned_values(std::string_view permission, const Part& part) {
  if (!part.items || std::ranges::find(kItemWrites, permission) == kItemWrites.end()) {
    return std::nullopt;
  }
  const std::string_view asked = asked_values(part);
  const bool on_failure =
      ops::optional_string(*part.items, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
  return on_failure && asked != "ALL_NEW" ? "ALL_OLD" : asked;
}

}  // namespace millrace::access
