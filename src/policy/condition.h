// One condition of a statement: an operator, a key and the values it is compared with (IAM User
// Guide, "IAM JSON policy elements: Condition operators").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "model/number.h"
#include "policy/address_range.h"
#include "policy/condition_key.h"
#include "policy/date_time.h"
#include "policy/text_pattern.h"

namespace millrace::policy {

enum class ValueType { kText, kArn, kNumber, kDate, kBoolean, kBinary, kAddress, kNull };
enum class Relation { kEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };
// Of a key that has several values: all of them, or any, must compare.
enum class SetOperator { kNone, kForAllValues, kForAnyValue };

struct ConditionOperator {
  ValueType type = ValueType::kText;
  Relation relation = Relation::kEqual;
  bool negated = false;
  bool if_exists = false;  // also true when the request has no such key
  SetOperator set = SetOperator::kNone;
  PatternSyntax syntax;  // of texts and ARNs
};
// "ForAllValues:StringEqualsIfExists"; nullopt: there is no such operator.
[[nodiscard]] std::optional<ConditionOperator> read_condition_operator(std::string_view name);

using ConditionValue = std::variant<TextPattern, Number, DateTime, bool, Bytes, AddressRange>;

struct Condition {
  ConditionOperator comparison;
  ConditionKey key;
  std::vector<ConditionValue> values;
};

// nullopt: not a value that the operator can compare with. `has_variables`: the policy's version
// knows policy variables.
[[nodiscard]] std::optional<ConditionValue> read_condition_value(
    const ConditionOperator& comparison, std::string_view text, bool has_variables);

// When a key without a set operator has several values, an Allow applies if all of them compare and
// a Deny if one does.
[[nodiscard]] bool holds(const Condition& condition, const RequestKeys& keys, bool is_deny);

}  // namespace millrace::policy
