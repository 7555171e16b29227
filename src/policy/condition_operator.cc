#include <algorithm>
#include <array>

#include "json/base64.h"
#include "policy/condition.h"
#include "policy/letters.h"

namespace millrace::policy {
namespace {

struct Row {
  std::string_view name;
  ValueType type;
  Relation relation = Relation::kEqual;
  bool negated = false;
  bool wildcards = false;
  bool ignores_case = false;
};

using enum ValueType;
using enum Relation;

constexpr auto kOperators = std::to_array<Row>({
    {"StringEquals", kText},
    {"StringNotEquals", kText, kEqual, true},
    {"StringEqualsIgnoreCase", kText, kEqual, false, false, true},
    {"StringNotEqualsIgnoreCase", kText, kEqual, true, false, true},
    {"StringLike", kText, kEqual, false, true},
    {"StringNotLike", kText, kEqual, true, true},
    {"NumericEquals", kNumber},
    {"NumericNotEquals", kNumber, kEqual, true},
    {"NumericLessThan", kNumber, kLess},
    {"NumericLessThanEquals", kNumber, kLessOrEqual},
    {"NumericGreaterThan", kNumber, kGreater},
    {"NumericGreaterThanEquals", kNumber, kGreaterOrEqual},
    {"DateEquals", kDate},
    {"DateNotEquals", kDate, kEqual, true},
    {"DateLessThan", kDate, kLess},
    {"DateLessThanEquals", kDate, kLessOrEqual},
    {"DateGreaterThan", kDate, kGreater},
    {"DateGreaterThanEquals", kDate, kGreaterOrEqual},
    {"Bool", kBoolean},
    {"BinaryEquals", kBinary},
    {"IpAddress", kAddress},
    {"NotIpAddress", kAddress, kEqual, true},
    {"ArnEquals", kArn, kEqual, false, true},
    {"ArnLike", kArn, kEqual, false, true},
    {"ArnNotEquals", kArn, kEqual, true, true},
    {"ArnNotLike", kArn, kEqual, true, true},
    {"Null", kNull},
});

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

template <typename T>
std::optional<ConditionValue> value_of(std::optional<T> read) {
  if (!read) return std::nullopt;
  return ConditionValue(std::move(*read));
}

std::optional<bool> read_boolean(std::string_view text) {
  if (equal_ignoring_case(text, "true")) return true;
  if (equal_ignoring_case(text, "false")) return false;
  return std::nullopt;
}

std::optional<Number> read_number(std::string_view text) {
  auto number = Number::parse(text);
  if (!number.ok()) return std::nullopt;
  return *number;
}

}  // namespace

std::optional<ConditionOperator> read_condition_operator(std::string_view name) {
  constexpr std::string_view kIfExists = "IfExists";
  ConditionOperator read;
  if (take_prefix(name, "ForAllValues:")) {
    read.set = SetOperator::kForAllValues;
  } else if (take_prefix(name, "ForAnyValue:")) {
    read.set = SetOperator::kForAnyValue;
  }
  if (name.ends_with(kIfExists)) {
    read.if_exists = true;
    name.remove_suffix(kIfExists.size());
  }
  const auto* row = std::ranges::find(kOperators, name, &Row::name);
  if (row == kOperators.end()) return std::nullopt;
  if (row->type == kNull && (read.if_exists || read.set != SetOperator::kNone)) return std::nullopt;
  read.type = row->type;
  read.relation = row->relation;
  read.negated = row->negated;
  read.syntax = {row->wildcards, true, row->ignores_case};
  return read;
}

std::optional<ConditionValue> read_condition_value(const ConditionOperator& comparison,
                                                   std::string_view text, bool has_variables) {
  switch (comparison.type) {
    case kText:
    case kArn: {
      PatternSyntax syntax = comparison.syntax;
      syntax.variables = has_variables;
      return ConditionValue(TextPattern(text, syntax));
    }
    case kNumber:
      return value_of(read_number(text));
    case kDate:
      return value_of(parse_date_time(text));
    case kBoolean:
    case kNull:
      return value_of(read_boolean(text));
    case kBinary:
      return value_of(json::base64_decode(text));
    case kAddress:
      return value_of(parse_address_range(text));
  }
  return std::nullopt;
}

}  // namespace millrace::policy
