#include "policy/condition.h"

#include <algorithm>

#include "json/base64.h"
#include "policy/letters.h"

namespace millrace::policy {
namespace {

using Values = std::vector<std::string>;

template <typename T>
bool relates(const T& left, Relation relation, const T& right) {
  switch (relation) {
    case Relation::kEqual:
      return left == right;
    case Relation::kLess:
      return left < right;
    case Relation::kLessOrEqual:
      return left <= right;
    case Relation::kGreater:
      return left > right;
    case Relation::kGreaterOrEqual:
      return left >= right;
  }
  return false;
}

template <typename T>
bool any_relates(const Condition& condition, const T& value) {
  return std::ranges::any_of(condition.values, [&](const ConditionValue& wanted) {
    return relates(value, condition.comparison.relation, std::get<T>(wanted));
  });
}

// Whether `value` compares with any of the policy's, before a negation. What is not of the
// operator's type compares with none.
bool compares(const Condition& condition, const std::string& value, const RequestKeys& keys) {
  switch (condition.comparison.type) {
    case ValueType::kText:
      return std::ranges::any_of(condition.values, [&](const ConditionValue& wanted) {
        return std::get<TextPattern>(wanted).matches(value, keys);
      });
    case ValueType::kArn:
      return std::ranges::any_of(condition.values, [&](const ConditionValue& wanted) {
        return std::get<TextPattern>(wanted).matches_arn(value, keys);
      });
    case ValueType::kNumber: {
      const auto number = Number::parse(value);
      return number.ok() && any_relates(condition, *number);
    }
    case ValueType::kDate: {
      const auto time = parse_date_time(value);
      return time && any_relates(condition, *time);
    }
    case ValueType::kBoolean: {
      const bool is_true = equal_ignoring_case(value, "true");
      if (!is_true && !equal_ignoring_case(value, "false")) return false;
      return any_relates(condition, is_true);
    }
    case ValueType::kBinary: {
      const auto bytes = json::base64_decode(value);
      return bytes && any_relates(condition, *bytes);
    }
    case ValueType::kAddress: {
      const auto address = parse_address_range(value);
      return address && std::ranges::any_of(condition.values, [&](const ConditionValue& wanted) {
               return std::get<AddressRange>(wanted).contains(*address);
             });
    }
    case ValueType::kNull:
      return false;
  }
  return false;
}

bool holds_without_key(const ConditionOperator& comparison) {
  if (comparison.if_exists || comparison.set == SetOperator::kForAllValues) return true;
  return comparison.negated && comparison.set == SetOperator::kNone;
}

}  // namespace

bool holds(const Condition& condition, const RequestKeys& keys, bool is_deny) {
  const ConditionOperator& comparison = condition.comparison;
  const auto values = keys.values(condition.key);
  const bool is_absent = !values || values->empty();
  if (comparison.type == ValueType::kNull) return any_relates(condition, is_absent);
  if (is_absent) return holds_without_key(comparison);
  const auto holds_for = [&](const std::string& value) {
    return compares(condition, value, keys) != comparison.negated;
  };
  const bool any =
      comparison.set == SetOperator::kNone ? is_deny : comparison.set == SetOperator::kForAnyValue;
  return any ? std::ranges::any_of(*values, holds_for) : std::ranges::all_of(*values, holds_for);
}

}  // namespace millrace::policy
