#include "expr/legacy_condition.h"

#include <gtest/gtest.h>

#include "expr/literal_testing.h"

namespace millrace::expr {
namespace {

LegacyCondition condition_of(std::string_view attribute, std::string_view comparison,
                             const std::vector<std::string>& operands) {
  LegacyCondition condition{std::string(attribute), *comparison_operator_of_name(comparison), {}};
  for (const std::string& operand : operands) condition.operands.push_back(parse_literal(operand));
  return condition;
}

bool matches(std::string_view item, const LegacyCondition& condition) {
  return all_of({condition})->matches(*parse_literal(item).get_if<AttributeMap>());
}

std::string error_of(std::string_view comparison, const std::vector<std::string>& operands) {
  auto status = check_operands(condition_of("a", comparison, operands));
  return status.ok() ? "" : status.error().message;
}

TEST(LegacyCondition, EveryOperatorAgainstEveryType) {
  struct Case {
    std::string comparison;
    std::vector<std::string> operands;
    std::vector<std::string> met_by;
    std::vector<std::string> not_met_by;
  };
  const std::vector<Case> cases = {
      {"EQ", {"1"}, {"{a: 1.0}"}, {"{a: 2}", "{a: '1'}", "{}"}},
      {"EQ", {"<1, 2>"}, {"{a: <2, 1>}"}, {"{a: <1>}", "{a: [1, 2]}"}},
      {"EQ", {"[1]"}, {"{a: [1]}"}, {"{a: [2]}", "{a: <1>}"}},
      {"NE", {"1"}, {"{a: 2}", "{a: '1'}", "{}"}, {"{a: 1}"}},
      {"LT", {"'b'"}, {"{a: 'a'}"}, {"{a: 'b'}", "{a: 1}", "{}"}},
      {"LE", {"2"}, {"{a: 2}", "{a: 1}"}, {"{a: 3}", "{a: '1'}", "{}"}},
      {"GT", {"x'0a'"}, {"{a: x'0b'}"}, {"{a: x'0a'}", "{a: 'z'}", "{}"}},
      {"GE", {"2"}, {"{a: 2}", "{a: 3}"}, {"{a: 1}", "{}"}},
      {"NOT_NULL", {}, {"{a: null}", "{a: 1}"}, {"{b: 1}", "{}"}},
      {"NULL", {}, {"{b: 1}", "{}"}, {"{a: null}", "{a: 1}"}},
      {"CONTAINS", {"'b'"}, {"{a: 'abc'}", "{a: <'a', 'b'>}", "{a: ['b']}"}, {"{a: 'ac'}", "{}"}},
      {"NOT_CONTAINS", {"'b'"}, {"{a: 'ac'}", "{a: 1}", "{a: ['c']}"}, {"{a: 'abc'}", "{}"}},
      {"BEGINS_WITH", {"'ab'"}, {"{a: 'abc'}"}, {"{a: 'xab'}", "{a: 1}", "{}"}},
      {"IN", {"1", "2"}, {"{a: 1}", "{a: 2}"}, {"{a: 3}", "{a: <1, 2>}", "{}"}},
      {"BETWEEN", {"1", "3"}, {"{a: 1}", "{a: 3}"}, {"{a: 0}", "{a: 4}", "{a: '2'}", "{}"}},
  };
  for (const Case& one : cases) {
    ASSERT_EQ(error_of(one.comparison, one.operands), "");
    const LegacyCondition condition = condition_of("a", one.comparison, one.operands);
    for (const auto& item : one.met_by) {
      EXPECT_TRUE(matches(item, condition)) << one.comparison << item;
    }
    for (const auto& item : one.not_met_by) {
      EXPECT_FALSE(matches(item, condition)) << one.comparison << item;
    }
  }
  EXPECT_FALSE(comparison_operator_of_name("eq"));
}

TEST(LegacyCondition, NamesAreNoPaths) {
  EXPECT_TRUE(matches("{'a.b[0]': 1}", condition_of("a.b[0]", "EQ", {"1"})));
  EXPECT_FALSE(matches("{a: {b: [1]}}", condition_of("a.b[0]", "EQ", {"1"})));
}

TEST(LegacyCondition, JoinedByAndOrByOr) {
  const Item item = *parse_literal("{a: 1, b: 2}").get_if<AttributeMap>();
  const LegacyCondition met = condition_of("a", "EQ", {"1"});
  const LegacyCondition not_met = condition_of("b", "EQ", {"1"});
  EXPECT_TRUE(all_of({met, met})->matches(item));
  EXPECT_FALSE(all_of({met, not_met})->matches(item));
  EXPECT_TRUE(any_of({not_met, met})->matches(item));
  EXPECT_FALSE(any_of({not_met, not_met})->matches(item));
  EXPECT_FALSE(all_of({}));
  EXPECT_EQ(all_of({met, not_met})->attribute_names().size(), 2u);
}

TEST(LegacyCondition, WrongOperandsAreRefused) {
  const std::string invalid = "One or more parameter values were invalid: ";
  for (const std::string name : {"EQ", "NE", "LT", "CONTAINS", "BEGINS_WITH", "IN", "BETWEEN"}) {
    EXPECT_EQ(error_of(name, {}),
              invalid + "Invalid number of argument(s) for the " + name + " ComparisonOperator");
  }
  for (const std::string name : {"NULL", "NOT_NULL"}) {
    EXPECT_EQ(error_of(name, {"1"}),
              invalid + "Invalid number of argument(s) for the " + name + " ComparisonOperator");
  }
  EXPECT_EQ(error_of("IN", {"1", "'a'"}),
            invalid + "AttributeValues inside AttributeValueList must be of same type");
  const std::vector<std::pair<std::string, std::string>> wrong_types = {
      {"LT", "true"}, {"LE", "null"},       {"GT", "<1>"},      {"GE", "{}"},
      {"IN", "[1]"},  {"BEGINS_WITH", "1"}, {"CONTAINS", "[]"}, {"NOT_CONTAINS", "<'a'>"},
  };
  for (const auto& [name, operand] : wrong_types) {
    const auto type = attribute_type_name(parse_literal(operand).type());
    EXPECT_EQ(error_of(name, {operand}), invalid + "ComparisonOperator " + name +
                                             " is not valid for " + std::string(type) +
                                             " AttributeValue type");
  }
  EXPECT_EQ(error_of("CONTAINS", {"true"}), "");
  EXPECT_EQ(error_of("EQ", {"{b: 1}"}), "");
  EXPECT_EQ(error_of("BETWEEN", {"2", "1"}),
            "The BETWEEN condition was provided a range where the lower bound is greater than the "
            "upper bound");
  EXPECT_EQ(error_of("BETWEEN", {"1", "1"}), "");
}

TEST(LegacyCondition, OfKeys) {
  const KeyComparison between = to_key_comparison(condition_of("k", "BETWEEN", {"1", "2"}));
  EXPECT_EQ(between.attribute_name, "k");
  EXPECT_EQ(between.comparison, KeyOperator::kBetween);
  EXPECT_EQ(between.operands.size(), 2u);
  EXPECT_EQ(to_key_comparison(condition_of("k", "LE", {"1"})).comparison,
            KeyOperator::kLessOrEqual);
  for (const std::string_view name : {"NULL", "NOT_NULL", "NE", "CONTAINS", "NOT_CONTAINS", "IN"}) {
    EXPECT_EQ(to_key_comparison(condition_of("k", name, {})).comparison,
              KeyOperator::kNotIndexable);
  }
}

}  // namespace
}  // namespace millrace::expr
