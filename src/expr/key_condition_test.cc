#include "expr/key_condition.h"

#include <gtest/gtest.h>

namespace millrace::expr {
namespace {

const NameMap kNames = {{"#p", "pk"}};
const AttributeMap kValues = {{":a", "a"}, {":b", "b"}, {":n", Number::from_integer(1)}};

Result<std::vector<KeyComparison>> read(std::string_view text) {
  Placeholders placeholders(kNames, kValues);
  return TRY(KeyCondition::parse(text)).bind(placeholders);
}

std::string error_of(std::string_view text) {
  auto result = read(text);
  return result.ok() ? "" : result.error().message;
}

TEST(KeyCondition, EveryOperator) {
  const std::vector<std::pair<std::string, KeyOperator>> cases = {
      {"sk = :a", KeyOperator::kEqual},
      {"sk < :a", KeyOperator::kLess},
      {"sk <= :a", KeyOperator::kLessOrEqual},
      {"sk > :a", KeyOperator::kGreater},
      {"sk >= :a", KeyOperator::kGreaterOrEqual},
      {"sk BETWEEN :a AND :b", KeyOperator::kBetween},
      {"begins_with(sk, :a)", KeyOperator::kBeginsWith},
      {":a < sk", KeyOperator::kGreater},
      {":a <= sk", KeyOperator::kGreaterOrEqual},
      {":a > sk", KeyOperator::kLess},
      {":a >= sk", KeyOperator::kLessOrEqual},
      {":a = sk", KeyOperator::kEqual},
  };
  for (const auto& [text, comparison] : cases) {
    auto result = read("(#p = :b) AND (" + text + ")");
    ASSERT_TRUE(result.ok()) << text << ": " << result.error().message;
    ASSERT_EQ(result->size(), 2u) << text;
    EXPECT_EQ((*result)[0].attribute_name, "pk");
    EXPECT_EQ((*result)[0].comparison, KeyOperator::kEqual);
    EXPECT_EQ((*result)[1].attribute_name, "sk") << text;
    EXPECT_EQ((*result)[1].comparison, comparison) << text;
    EXPECT_EQ((*result)[1].operands.size(), comparison == KeyOperator::kBetween ? 2u : 1u);
    EXPECT_EQ((*result)[1].operands[0], AttributeValue("a")) << text;
  }
}

TEST(KeyCondition, WhatIsNoKeyConditionIsRefused) {
  const std::string operator_used = "Invalid operator used in KeyConditionExpression: ";
  const std::string condition = "Invalid condition in KeyConditionExpression: ";
  EXPECT_EQ(error_of("pk = :a OR sk = :b"), operator_used + "OR");
  EXPECT_EQ(error_of("NOT pk = :a"), operator_used + "NOT");
  EXPECT_EQ(error_of("pk IN (:a)"), operator_used + "IN");
  EXPECT_EQ(error_of("pk <> :a"), operator_used + "<>");
  EXPECT_EQ(error_of("attribute_exists(pk)"), operator_used + "attribute_exists");
  EXPECT_EQ(error_of("contains(pk, :a)"), operator_used + "contains");
  EXPECT_EQ(error_of("size(pk) = :n"), "KeyConditionExpressions cannot contain nested operations");
  EXPECT_EQ(error_of("pk = sk"), condition + "Multiple attribute names used in one condition");
  EXPECT_EQ(error_of(":a = :b"), condition + "No key attribute specified");
  EXPECT_EQ(error_of("pk.a = :b"),
            "KeyConditionExpressions cannot have conditions on nested attributes");
  EXPECT_EQ(error_of("pk = :a AND pk = :b"),
            "KeyConditionExpressions must only contain one condition per key");
  EXPECT_EQ(error_of(""), "Invalid KeyConditionExpression: The expression can not be empty;");
  EXPECT_EQ(error_of(":a BETWEEN pk AND :b"),
            condition + "BETWEEN operator must have the key attribute as its first operand");
}

}  // namespace
}  // namespace millrace::expr
