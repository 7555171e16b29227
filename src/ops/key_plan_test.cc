#include "ops/key_plan.h"

#include <fmt/format.h>

#include "partiql/statement.h"

namespace millrace::ops {
namespace {

const catalog::CompositeKeySchema kSchema = {{{"pk", AttributeType::kString}},
                                             {{"sk", AttributeType::kNumber}}};

expr::ConditionNode condition(const std::string& where) {
  auto parsed = partiql::parse(fmt::format("SELECT * FROM t WHERE {}", where), {});
  EXPECT_TRUE(parsed.ok()) << where;
  return *std::get<partiql::Select>(*parsed).where;
}

// "scan", "error", or each read's partition key, "=" for a whole one with its sort key, "*" if it
// is filtered.
std::string plan(const std::string& where) {
  const auto reads = plan_key_reads(kSchema, KeySpace::of_items(), condition(where));
  if (!reads.ok()) return "error";
  if (!*reads) return "scan";
  std::vector<std::string> shown;
  for (const KeyRead& read : **reads) {
    std::string sort_key;
    if (read.sort_key) {
      sort_key = fmt::format("={}", read.sort_key->get_if<Number>()->to_string());
    }
    shown.push_back(fmt::format("{}{}{}", *read.partition_key.get_if<std::string>(), sort_key,
                                read.filtered ? "*" : ""));
  }
  return fmt::format("{}", fmt::join(shown, " "));
}

TEST(KeyPlan, ReadsWhatTheKeysSay) {
  EXPECT_EQ(plan("pk = 'a'"), "a");
  EXPECT_EQ(plan("'a' = pk AND sk = 1"), "a=1");
  EXPECT_EQ(plan("pk = 'a' AND sk = 1 AND sk = 1 AND pk = 'a'"), "a=1");
  EXPECT_EQ(plan("pk = 'a' AND sk = 1 AND sk > 0"), "a");
  EXPECT_EQ(plan("pk = 'a' AND n = 1"), "a*");
  EXPECT_EQ(plan("pk IN ['b', 'a'] AND sk IN [2, 1]"), "a=1 a=2 b=1 b=2");
  EXPECT_EQ(plan("(pk = 'b' AND n = 1) OR pk = 'a'"), "a b*");
  EXPECT_EQ(plan("pk = 'a' AND (n = 1 OR n = 2)"), "a*");
  EXPECT_EQ(plan("pk = 'a' AND pk = 'b'"), "");
  EXPECT_EQ(plan("pk = 'a' AND sk > 2 AND sk < 1"), "");
  EXPECT_EQ(plan("pk = 'a' AND NOT sk = 1 OR pk = 'a' AND sk = 2"), "a*");
  EXPECT_EQ(plan("pk = 'a' AND NOT pk = 'b'"), "a*");
}

TEST(KeyPlan, LooksThroughEverythingWithoutAPartitionKey) {
  for (const char* where : {"sk = 1", "pk > 'a'", "pk = 'a' OR sk = 1", "NOT pk = 'a'",
                            "attribute_exists(pk)", "pk = other", "pk.x = 'a'", "pk <> 'a'"}) {
    EXPECT_EQ(plan(where), "scan") << where;
  }
}

TEST(KeyPlan, RefusesWhatCannotBeRanges) {
  for (const char* where :
       {"pk = 1", "pk = 'a' AND sk = 'x'", "pk IN ['a', 'a']", "pk = 'a' AND (sk > 0 OR sk < 5)",
        "pk = 'a' AND (sk = 1 OR n = 2)", "pk = ''"}) {
    EXPECT_EQ(plan(where), "error") << where;
  }
}

// Each AND doubles the ways to meet the condition.
TEST(KeyPlan, CountsWaysWithoutTryingThem) {
  std::string where = "pk = 'a'";
  for (int i = 0; i < 60; ++i) where += " AND (sk > 1 OR sk < 0)";
  EXPECT_EQ(plan(where), "error");
}

TEST(KeyPlan, FindsTheOneItemOfAWrite) {
  const catalog::KeySchema schema{{"pk", AttributeType::kString},
                                  catalog::KeyAttribute{"sk", AttributeType::kNumber}};
  const auto found =
      find_key_equalities(schema, condition("(pk = 'a' AND 1 = sk) AND n = 2 AND pk = 'a'"));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->key.size(), 2U);
  ASSERT_TRUE(found->rest.has_value());
  EXPECT_EQ(found->rest->children.size(), 1U);
  EXPECT_FALSE(find_key_equalities(schema, condition("pk = 'a' AND sk = 1"))->rest.has_value());
  EXPECT_FALSE(find_key_equalities(schema, std::nullopt).ok());
  EXPECT_FALSE(find_key_equalities(schema, condition("pk = 'a' OR sk = 1")).ok());
  EXPECT_FALSE(find_key_equalities(schema, condition("pk IN ['a'] AND sk = 1")).ok());
  EXPECT_FALSE(find_key_equalities(schema, condition("pk = 'a' AND sk = 1 AND sk = 2")).ok());
}

}  // namespace
}  // namespace millrace::ops
