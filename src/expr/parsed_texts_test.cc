#include "expr/parsed_texts.h"

#include <gtest/gtest.h>

#include "expr/expression.h"

namespace millrace::expr {
namespace {

class ParsedTextsTest : public ::testing::Test {
 protected:
  size_t get(const std::string& text) {
    const auto found = texts_.get(text, [&]() -> Result<size_t> {
      ++parsed_;
      if (text == "wrong") return validation_error("wrong");
      return text.size();
    });
    return found.ok() ? *found : 0;
  }

  ParsedTexts<size_t> texts_;
  int parsed_ = 0;
};

TEST_F(ParsedTextsTest, ATextIsParsedOnce) {
  EXPECT_EQ(get("one"), 3U);
  EXPECT_EQ(get("three"), 5U);
  EXPECT_EQ(get("one"), 3U);
  EXPECT_EQ(parsed_, 2);
}

TEST_F(ParsedTextsTest, AnErrorIsNotKept) {
  EXPECT_EQ(get("wrong"), 0U);
  EXPECT_EQ(get("wrong"), 0U);
  EXPECT_EQ(parsed_, 2);
}

TEST_F(ParsedTextsTest, LongAndManyTextsAreParsedAgain) {
  const std::string long_text(10'000, 'x');
  EXPECT_EQ(get(long_text), 10'000U);
  EXPECT_EQ(get(long_text), 10'000U);
  EXPECT_EQ(parsed_, 2);
  for (int i = 0; i < 1'000; ++i) get("text " + std::to_string(i));
  EXPECT_EQ(get("text 0"), 6U);
  EXPECT_EQ(parsed_, 1'003);
}

TEST_F(ParsedTextsTest, TheSameTextOfAnotherParameterHasItsName) {
  const NameMap no_names;
  const AttributeMap no_values;
  for (const std::string parameter : {"ConditionExpression", "FilterExpression"}) {
    Placeholders placeholders(no_names, no_values);
    const auto parsed = Condition::parse("a = :missing", parameter);
    ASSERT_TRUE(parsed.ok());
    const auto bound = parsed->bind(placeholders);
    ASSERT_FALSE(bound.ok());
    EXPECT_EQ(bound.error().message.find("Invalid " + parameter), 0U) << bound.error().message;
  }
}

}  // namespace
}  // namespace millrace::expr
