// What the cases of testdata cannot show.
#include "expr/expression.h"

#include "expr/literal_testing.h"

namespace millrace::expr {
namespace {

TEST(ReservedWords, AnyCase) {
  for (const char* word : {"ABORT", "abort", "Status", "ZONE", "size", "Name", "transaction",
                           "SESSION", "and", "SET"}) {
    EXPECT_TRUE(is_reserved_word(word)) << word;
  }
  for (const char* word : {"", "a", "pk", "stat", "statuses", "ABORT ", "#abort", "sessions",
                           "averyveryverylongword", "ABOR", "[BORT"}) {
    EXPECT_FALSE(is_reserved_word(word)) << word;
  }
}

TEST(Placeholders, TellWhatIsUnused) {
  const NameMap names = {{"#a", "a"}, {"#b", "b"}, {"#c", "c"}};
  const AttributeMap values = {{":v", "x"}, {":w", "y"}};
  Placeholders placeholders(names, values);
  EXPECT_EQ(placeholders.name("#d"), nullptr);
  EXPECT_EQ(*placeholders.name("#b"), "b");
  EXPECT_EQ(placeholders.check_all_used().error().message,
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #c}");
  EXPECT_NE(placeholders.name("#a"), nullptr);
  EXPECT_NE(placeholders.name("#c"), nullptr);
  EXPECT_NE(placeholders.value(":w"), nullptr);
  EXPECT_EQ(placeholders.check_all_used().error().message,
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}");
  EXPECT_NE(placeholders.value(":v"), nullptr);
  EXPECT_TRUE(placeholders.check_all_used().ok());
}

TEST(Placeholders, BindingMarksThem) {
  const NameMap names = {{"#a", "a"}, {"#b", "b"}};
  const AttributeMap values = {{":v", Number::from_integer(1)}, {":w", Number::from_integer(2)}};
  Placeholders placeholders(names, values);
  const auto condition = Condition::parse("#a.x = :v", "ConditionExpression").value();
  const auto update = Update::parse("SET c = if_not_exists(#b, :w)").value();
  EXPECT_TRUE(condition.bind(placeholders).ok());
  EXPECT_FALSE(placeholders.check_all_used().ok());
  EXPECT_TRUE(update.bind(placeholders).ok());
  EXPECT_TRUE(placeholders.check_all_used().ok());
}

TEST(Condition, IsParsedOnceAndBoundOften) {
  const auto condition = Condition::parse("#n >= :v", "ConditionExpression").value();
  const Item item = *parse_literal("{a: 1, b: 5}").get_if<AttributeMap>();
  for (const auto& [name, limit, expected] :
       {std::tuple("a", 1, true), std::tuple("a", 2, false), std::tuple("b", 5, true)}) {
    const NameMap names = {{"#n", name}};
    const AttributeMap values = {{":v", Number::from_integer(limit)}};
    Placeholders placeholders(names, values);
    EXPECT_EQ(condition.bind(placeholders).value().matches(item), expected) << name << limit;
  }
}

TEST(Update, TellsItsPathsAndProjectsThem) {
  const NameMap names = {{"#d", "x.y"}};
  const AttributeMap values = {{":v", Number::from_integer(1)}};
  Placeholders placeholders(names, values);
  const auto update = Update::parse("REMOVE b SET #d = :v, m.k[2] = :v ADD n :v").value();
  const auto paths = update.bind(placeholders).value().paths();
  ASSERT_EQ(paths.size(), 4U);
  EXPECT_EQ(to_string(paths[0]), "[b]");
  EXPECT_EQ(paths[1], Path{PathStep::of_name("x.y")});
  EXPECT_EQ(to_string(paths[2]), "[m, k, [2]]");
  const Item item =
      *parse_literal("{'x.y': 1, n: 2, pk: 'k', m: {k: [0, 1, 2], l: 1}}").get_if<AttributeMap>();
  EXPECT_EQ(to_literal(Projection::of_paths(paths).apply(item)), "{m: {k: [2]}, n: 2, x.y: 1}");
}

TEST(Update, ChecksKeysApartFromPlaceholders) {
  const NameMap names;
  const AttributeMap values = {{":v", Number::from_integer(1)}};
  Placeholders placeholders(names, values);
  const auto bound = Update::parse("SET a = :v ADD sk.x :v").value().bind(placeholders).value();
  EXPECT_TRUE(bound.check_keys({"pk"}).ok());
  EXPECT_EQ(bound.check_keys({"pk", "sk"}).error().message,
            "One or more parameter values were invalid: Cannot update attribute sk. This attribute "
            "is part of the key");
}

TEST(Path, FindsValues) {
  Item item = *parse_literal("{a: {b: [1, 2]}}").get_if<AttributeMap>();
  const Path path = {PathStep::of_name("a"), PathStep::of_name("b"), PathStep::of_index(1)};
  ASSERT_NE(find(item, path), nullptr);
  *find(item, path) = "changed";
  EXPECT_EQ(to_literal(item), "{a: {b: [1, 'changed']}}");
  EXPECT_EQ(find(item, {PathStep::of_name("a"), PathStep::of_index(0)}), nullptr);
}

}  // namespace
}  // namespace millrace::expr
