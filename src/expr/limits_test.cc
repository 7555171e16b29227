// Sizes, counts and depths, and that no text makes parsing run away.
#include <random>

#include "expr/expression.h"
#include "expr/literal_testing.h"

namespace millrace::expr {
namespace {

std::string repeated(std::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string condition_error(const std::string& text) {
  const auto parsed = Condition::parse(text, "FilterExpression");
  if (!parsed.ok()) return parsed.error().message;
  const NameMap names;
  const AttributeMap values = {{":v", Number::from_integer(1)}};
  Placeholders placeholders(names, values);
  const auto bound = parsed->bind(placeholders);
  return bound.ok() ? "" : bound.error().message;
}

TEST(Limits, ExpressionSize) {
  const std::string head = "a = b";
  EXPECT_EQ(condition_error(head + repeated(" ", 4096 - head.size())), "");
  EXPECT_EQ(condition_error(head + repeated(" ", 4097 - head.size())),
            "Invalid FilterExpression: Expression size has exceeded the maximum allowed size; "
            "expression size: 4097");
}

TEST(Limits, Operators) {
  EXPECT_EQ(condition_error("a<b" + repeated(" OR a<b", 149)), "");
  EXPECT_EQ(condition_error("NOT a<b" + repeated(" OR a<b", 149)), "");
  EXPECT_EQ(condition_error("a<b" + repeated(" OR a<b", 150)),
            "Invalid FilterExpression: The expression contains too many operators; operator count: "
            "301");
  EXPECT_EQ(condition_error(repeated("NOT ", 999) + "a<b"),
            "Invalid FilterExpression: The expression contains too many operators; operator count: "
            "301");
}

TEST(Limits, OperandsOfIn) {
  EXPECT_EQ(condition_error("a IN (:v" + repeated(",:v", 99) + ")"), "");
  EXPECT_EQ(condition_error("a IN (:v" + repeated(",:v", 100) + ")"),
            "Invalid FilterExpression: The IN operator is provided with too many operands; number "
            "of operands: 101");
}

TEST(Limits, StepsOfAPath) {
  EXPECT_TRUE(Projection::parse("a" + repeated(".b", 31)).ok());
  const auto parsed = Projection::parse("a" + repeated(".b", 31) + "[0]");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().message,
            "Invalid ProjectionExpression: The document path has too many nesting levels; nesting "
            "levels: 33");
}

TEST(Limits, NestedParentheses) {
  const std::string redundant =
      "Invalid FilterExpression: The expression has redundant parentheses;";
  EXPECT_EQ(condition_error(repeated("(", 4000)),
            "Invalid FilterExpression: Syntax error; token: \"<EOF>\", near: \"(\"");
  EXPECT_EQ(condition_error(repeated("(", 2000) + "a=b" + repeated(")", 2000)), redundant);
  EXPECT_EQ(condition_error("a=" + repeated("(", 2000) + "b" + repeated(")", 2000)), redundant);
  EXPECT_EQ(condition_error(repeated("(", 149) + "a=b" + repeated(" OR a=b)", 149)), "");
  EXPECT_EQ(condition_error(repeated("(", 400) + "a=b" + repeated("ORa=b)", 400)).substr(0, 74),
            "Invalid FilterExpression: The expression contains too many operators; oper");
  EXPECT_EQ(condition_error(repeated("f(", 1300) + "a" + repeated(")", 1300)).substr(0, 74),
            "Invalid FilterExpression: The expression contains too many operators; oper");
  EXPECT_EQ(condition_error(")a=b("),
            "Invalid FilterExpression: Syntax error; token: \")\", near: \")a\"");
  EXPECT_FALSE(Update::parse("SET a = " + repeated("(", 2000) + "b" + repeated(")", 2000)).ok());
  EXPECT_FALSE(Update::parse("SET a = " + repeated("f(", 1300) + "b" + repeated(")", 1300)).ok());
}

TEST(Limits, NestingLevelsOfAnItem) {
  const NameMap names;
  const auto apply = [&](const std::string& item_text, const std::string& update, size_t levels) {
    const AttributeMap values = {
        {":v", parse_literal(repeated("[", levels - 1) + "1" + repeated("]", levels - 1))}};
    Placeholders placeholders(names, values);
    Item item = *parse_literal(item_text).get_if<AttributeMap>();
    return Update::parse(update).value().bind(placeholders).value().apply(item);
  };
  EXPECT_TRUE(apply("{}", "SET a = :v", 32).ok());
  EXPECT_FALSE(apply("{}", "SET a = :v", 33).ok());
  EXPECT_TRUE(apply("{a: {b: 1}}", "SET a.b = :v", 31).ok());
  const Status status = apply("{a: {b: 1}}", "SET a.b = :v", 32);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message,
            "Nesting Levels have exceeded supported limits: Attributes in the item have nested "
            "levels beyond supported limit");
}

// Whatever is written, parsing ends in an expression or an error.
TEST(Limits, RandomTextNeverCrashes) {
  const std::vector<std::string> pieces = {"a",         "#n",      ":v",        "(",
                                           ")",         "[",       "]",         ".",
                                           ",",         "=",       "<>",        "<",
                                           "AND ",      "OR ",     "NOT ",      " IN ",
                                           " BETWEEN ", "size(",   "contains(", "if_not_exists(",
                                           "SET ",      "REMOVE ", "ADD ",      "DELETE ",
                                           "+",         "-",       "0",         "99999999999",
                                           "é",         "\xff",    "_",         "#",
                                           ":",         " ",       "\"",        "status"};
  const NameMap names = {{"#n", "a.b"}};
  const AttributeMap values = {{":v", parse_literal("[1, {a: 'x'}]")}};
  const Item item = *parse_literal("{a: [1, 2], b: {a: 1}}").get_if<AttributeMap>();
  std::mt19937 random(7);
  size_t parsed_count = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = round % 2 == 0 ? "" : "SET a = ";
    for (size_t length = random() % 12 + 1; length > 0; --length) {
      text += pieces[random() % pieces.size()];
    }
    Placeholders placeholders(names, values);
    if (const auto parsed = Condition::parse(text, "ConditionExpression"); parsed.ok()) {
      ++parsed_count;
      const auto bound = parsed->bind(placeholders);
      if (bound.ok()) (void)bound->matches(item);
    }
    if (const auto parsed = Update::parse(text); parsed.ok()) {
      ++parsed_count;
      const auto bound = parsed->bind(placeholders);
      Item copy = item;
      if (bound.ok()) (void)bound->apply(copy);
    }
    if (const auto parsed = Projection::parse(text); parsed.ok()) {
      ++parsed_count;
      const auto bound = parsed->bind(placeholders);
      if (bound.ok()) (void)bound->apply(item);
    }
  }
  EXPECT_GT(parsed_count, 200U);
}

}  // namespace
}  // namespace millrace::expr
