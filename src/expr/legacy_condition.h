// The conditions of the legacy parameters Expected, QueryFilter, ScanFilter and KeyConditions: an
// operator and values for each of some top-level attributes. They become the conditions that
// expressions become, too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expr/condition.h"
#include "expr/key_condition.h"
#include "model/attribute_value.h"

namespace millrace::expr {

enum class ComparisonOperator {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kNotNull,  // the attribute is there
  kNull,     // it is not
  kContains,
  kNotContains,  // it is there and does not contain
  kBeginsWith,
  kIn,
  kBetween,
};
// "EQ", "NOT_CONTAINS", … nullopt for no such name.
[[nodiscard]] std::optional<ComparisonOperator> comparison_operator_of_name(std::string_view name);

struct LegacyCondition {
  std::string attribute_name;
  ComparisonOperator comparison = ComparisonOperator::kEqual;
  std::vector<AttributeValue> operands;
};

// ValidationException for a number of operands, or for types of them, that the operator does not
// take, and for a BETWEEN whose bounds are in the wrong order.
[[nodiscard]] Status check_operands(const LegacyCondition& condition);

// Asserts that check_operands() holds for each; nothing without conditions.
[[nodiscard]] std::optional<Condition> all_of(const std::vector<LegacyCondition>& conditions);
[[nodiscard]] std::optional<Condition> any_of(const std::vector<LegacyCondition>& conditions);

// Asserts that check_operands() holds.
[[nodiscard]] KeyComparison to_key_comparison(LegacyCondition condition);

}  // namespace millrace::expr
