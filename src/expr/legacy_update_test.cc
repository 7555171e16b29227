#include "expr/legacy_update.h"

#include <gtest/gtest.h>

#include "expr/literal_testing.h"

namespace millrace::expr {
namespace {

using Action = AttributeUpdate::Action;

AttributeUpdate update_of(Action action, const std::string& value) {
  AttributeUpdate update{"a", action, std::nullopt};
  if (!value.empty()) update.value = parse_literal(value);
  return update;
}

// What becomes of the item, or what is wrong.
std::string applied(const std::string& item, Action action, const std::string& value) {
  const AttributeUpdate update = update_of(action, value);
  if (auto status = check_update(update); !status.ok()) return status.error().message;
  Item changed = *parse_literal(item).get_if<AttributeMap>();
  if (auto status = to_update({update})->apply(changed); !status.ok()) {
    return status.error().message;
  }
  return to_literal(AttributeValue(std::move(changed)));
}

TEST(LegacyUpdate, EveryAction) {
  EXPECT_EQ(applied("{b: 1}", Action::kPut, "[1]"), "{a: [1], b: 1}");
  EXPECT_EQ(applied("{a: 1, b: 1}", Action::kPut, "'x'"), "{a: 'x', b: 1}");
  EXPECT_EQ(applied("{a: 1}", Action::kAdd, "2"), "{a: 3}");
  EXPECT_EQ(applied("{b: 1}", Action::kAdd, "2"), "{a: 2, b: 1}");
  EXPECT_EQ(applied("{a: <1, 2>}", Action::kAdd, "<2, 3>"), "{a: <1, 2, 3>}");
  EXPECT_EQ(applied("{a: [1, 2]}", Action::kAdd, "[2, 'x']"), "{a: [1, 2, 2, 'x']}");
  EXPECT_EQ(applied("{b: 1}", Action::kAdd, "[2]"), "{a: [2], b: 1}");
  EXPECT_EQ(applied("{a: 1, b: 1}", Action::kDelete, ""), "{b: 1}");
  EXPECT_EQ(applied("{a: <1, 2>}", Action::kDelete, "<2, 3>"), "{a: <1>}");
  EXPECT_EQ(applied("{a: <1>, b: 1}", Action::kDelete, "<1>"), "{b: 1}");
  EXPECT_EQ(applied("{b: 1}", Action::kDelete, "<1>"), "{b: 1}");
}

TEST(LegacyUpdate, ValuesThatAnActionDoesNotTake) {
  const std::string invalid = "One or more parameter values were invalid: ";
  const std::string no_value =
      invalid + "Only DELETE action is allowed when no attribute value is specified";
  EXPECT_EQ(applied("{}", Action::kPut, ""), no_value);
  EXPECT_EQ(applied("{}", Action::kAdd, ""), no_value);
  EXPECT_EQ(applied("{}", Action::kDelete, "'a'"),
            invalid + "DELETE action with value is not supported for the type S");
  EXPECT_EQ(applied("{}", Action::kDelete, "[1]"),
            invalid + "DELETE action with value is not supported for the type L");
  EXPECT_EQ(applied("{}", Action::kAdd, "true"),
            invalid + "ADD action is not supported for the type BOOL");
  EXPECT_EQ(applied("{}", Action::kAdd, "{}"),
            invalid + "ADD action is not supported for the type M");
}

TEST(LegacyUpdate, OtherTypesInTheItem) {
  const std::string mismatch = "Type mismatch for attribute to update";
  EXPECT_EQ(applied("{a: 'x'}", Action::kAdd, "1"), mismatch);
  EXPECT_EQ(applied("{a: <'x'>}", Action::kAdd, "<1>"), mismatch);
  EXPECT_EQ(applied("{a: <1>}", Action::kAdd, "[1]"), mismatch);
  EXPECT_EQ(applied("{a: [1]}", Action::kDelete, "<1>"), mismatch);
}

TEST(LegacyUpdate, OnlyRemoves) {
  EXPECT_TRUE(to_update({update_of(Action::kDelete, "")})->only_removes());
  EXPECT_TRUE(to_update({update_of(Action::kDelete, "<1>")})->only_removes());
  EXPECT_FALSE(to_update({update_of(Action::kAdd, "1")})->only_removes());
  EXPECT_FALSE(to_update({}));
}

}  // namespace
}  // namespace millrace::expr
