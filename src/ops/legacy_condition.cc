#include "ops/legacy_condition.h"

#include <fmt/format.h>

#include "base/check.h"
#include "expr/legacy_condition.h"
#include "json/attribute_value.h"
#include "ops/input.h"

namespace millrace::ops {
namespace {

using Conditions = std::vector<expr::LegacyCondition>;

Error invalid(std::string_view what, std::string_view attribute_name) {
  return validation_error(fmt::format(
      "One or more parameter values were invalid: {} for Attribute: {}", what, attribute_name));
}

// The conditions of a map by attribute; a null is no condition.
std::vector<std::pair<std::string_view, json::Object>> members_of(json::Object input,
                                                                  std::string_view parameter) {
  std::vector<std::pair<std::string_view, json::Object>> members;
  const auto map = optional_object(input, parameter);
  if (!map) return members;
  for (auto [name, element] : *map) {
    json::Object condition;
    if (element.get(condition) == simdjson::SUCCESS) members.emplace_back(name, condition);
  }
  return members;
}

// AttributeValueList.
Result<std::vector<AttributeValue>> read_operands(json::Object condition) {
  std::vector<AttributeValue> operands;
  json::Array array;
  auto list = json::member(condition, "AttributeValueList");
  if (!list || list->get(array) != simdjson::SUCCESS) return operands;
  for (json::Element element : array) {
    operands.push_back(TRY(json::read_attribute_value(element)));
  }
  return operands;
}

expr::ComparisonOperator read_comparison(json::Object condition) {
  auto comparison =
      expr::comparison_operator_of_name(string_or_empty(condition, "ComparisonOperator"));
  MILLRACE_CHECK(comparison.has_value());
  return *comparison;
}

Result<Conditions> read_conditions(json::Object input, std::string_view parameter) {
  Conditions conditions;
  for (const auto& [name, condition] : members_of(input, parameter)) {
    conditions.push_back(
        {std::string(name), read_comparison(condition), TRY(read_operands(condition))});
    TRY(expr::check_operands(conditions.back()));
  }
  return conditions;
}

// Without a ComparisonOperator: the attribute equals Value, or with Exists=false is missing.
Result<expr::LegacyCondition> read_expected_value(json::Object condition, std::string_view name) {
  if (json::member(condition, "AttributeValueList")) {
    return invalid("AttributeValueList can only be used with a ComparisonOperator", name);
  }
  const auto exists = optional_boolean(condition, "Exists");
  auto value = json::member(condition, "Value");
  if (exists.value_or(true) && !value) {
    return invalid(
        fmt::format("Value must be provided when Exists is {}", exists ? "true" : "null"), name);
  }
  if (!value) {
    return expr::LegacyCondition{std::string(name), expr::ComparisonOperator::kNull, {}};
  }
  if (exists == false) return invalid("Value cannot be used when Exists is false", name);
  return expr::LegacyCondition{std::string(name),
                               expr::ComparisonOperator::kEqual,
                               {TRY(json::read_attribute_value(*value))}};
}

Result<expr::LegacyCondition> read_expected_comparison(json::Object condition,
                                                       std::string_view name) {
  if (json::member(condition, "Exists")) {
    return invalid("Exists and ComparisonOperator cannot be used together", name);
  }
  const auto comparison = read_comparison(condition);
  const auto value = json::member(condition, "Value");
  if (comparison != expr::ComparisonOperator::kNull &&
      comparison != expr::ComparisonOperator::kNotNull && !value &&
      !json::member(condition, "AttributeValueList")) {
    return invalid(
        fmt::format("Value or AttributeValueList must be used with ComparisonOperator: {}",
                    string_or_empty(condition, "ComparisonOperator")),
        name);
  }
  expr::LegacyCondition read{std::string(name), comparison, TRY(read_operands(condition))};
  if (value) read.operands.push_back(TRY(json::read_attribute_value(*value)));
  TRY(expr::check_operands(read));
  return read;
}

Result<expr::LegacyCondition> read_expected_attribute(json::Object condition,
                                                      std::string_view name) {
  if (json::member(condition, "Value") && json::member(condition, "AttributeValueList")) {
    return invalid("Value and AttributeValueList cannot be used together", name);
  }
  return json::member(condition, "ComparisonOperator") ? read_expected_comparison(condition, name)
                                                       : read_expected_value(condition, name);
}

std::optional<expr::Condition> join(json::Object input, const Conditions& conditions) {
  return optional_string(input, "ConditionalOperator") == "OR" ? expr::any_of(conditions)
                                                               : expr::all_of(conditions);
}

}  // namespace

Status check_conditional_operator(json::Object input) {
  if (!json::member(input, "ConditionalOperator")) return Done{};
  size_t count = 0;
  for (std::string_view parameter : {"Expected", "QueryFilter", "ScanFilter"}) {
    if (auto conditions = optional_object(input, parameter)) count = conditions->size();
  }
  if (count > 1) return Done{};
  return validation_error(count == 0
                              ? "ConditionalOperator cannot be used without Filter or Expected"
                              : "ConditionalOperator can only be used when Filter or Expected has "
                                "two or more elements");
}

Result<std::optional<expr::Condition>> read_expected(json::Object input) {
  Conditions conditions;
  for (const auto& [name, condition] : members_of(input, "Expected")) {
    conditions.push_back(TRY(read_expected_attribute(condition, name)));
  }
  return join(input, conditions);
}

Result<std::optional<expr::Condition>> read_legacy_filter(json::Object input,
                                                          std::string_view parameter) {
  return join(input, TRY(read_conditions(input, parameter)));
}

Result<std::vector<expr::KeyComparison>> read_key_conditions(json::Object input) {
  std::vector<expr::KeyComparison> comparisons;
  auto conditions = TRY(read_conditions(input, "KeyConditions"));
  for (expr::LegacyCondition& condition : conditions) {
    comparisons.push_back(expr::to_key_comparison(std::move(condition)));
  }
  return comparisons;
}

}  // namespace millrace::ops
