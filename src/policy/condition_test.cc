#include "policy/condition.h"

#include <gtest/gtest.h>

#include "policy/question_testing.h"

namespace millrace::policy {
namespace {

struct Case {
  const char* comparison;
  std::vector<std::string> wanted;
  std::optional<std::vector<std::string>> values;  // of the key
  bool expected;
};

bool holds_for(const Case& each, bool is_deny = false) {
  Condition condition;
  condition.comparison = read_condition_operator(each.comparison).value();
  condition.key = read_condition_key("app:key");
  for (const std::string& text : each.wanted) {
    condition.values.push_back(read_condition_value(condition.comparison, text, true).value());
  }
  const FakeContext context(each.values ? FakeContext::Values{{"app:key", *each.values}}
                                        : FakeContext::Values{});
  const auth::Principal principal = alice();
  return holds(condition, {principal, context}, is_deny);
}

void expect_all(std::initializer_list<Case> cases) {
  for (const Case& each : cases) {
    EXPECT_EQ(holds_for(each), each.expected)
        << each.comparison << " " << testing::PrintToString(each.wanted) << " "
        << testing::PrintToString(each.values);
  }
}

using One = std::vector<std::string>;

TEST(ConditionTest, Texts) {
  expect_all({
      {"StringEquals", {"a"}, One{"a"}, true},
      {"StringEquals", {"a"}, One{"A"}, false},
      {"StringEquals", {"b", "a"}, One{"a"}, true},
      {"StringEquals", {"a*"}, One{"ab"}, false},
      {"StringEquals", {"${aws:username}"}, One{"alice"}, true},
      {"StringEquals", {}, One{"a"}, false},
      {"StringNotEquals", {"a"}, One{"a"}, false},
      {"StringNotEquals", {"a", "b"}, One{"b"}, false},
      {"StringNotEquals", {"a", "b"}, One{"c"}, true},
      {"StringEqualsIgnoreCase", {"aB"}, One{"Ab"}, true},
      {"StringNotEqualsIgnoreCase", {"aB"}, One{"Ab"}, false},
      {"StringLike", {"a*c"}, One{"abc"}, true},
      {"StringLike", {"A*c"}, One{"abc"}, false},
      {"StringNotLike", {"a*", "b*"}, One{"bc"}, false},
      {"StringNotLike", {"a*", "b*"}, One{"c"}, true},
      {"ArnEquals", {"arn:aws:iam::*:user/a*"}, One{"arn:aws:iam::1:user/alice"}, true},
      {"ArnLike", {"arn:aws:iam::*"}, One{"arn:aws:iam::1:user/alice"}, true},
      {"ArnNotEquals", {"arn:aws:iam::*:user/a*"}, One{"arn:aws:iam::1:user/alice"}, false},
      {"ArnNotLike", {"arn:aws:iam::*:role/*"}, One{"arn:aws:iam::1:user/alice"}, true},
  });
}

TEST(ConditionTest, Numbers) {
  expect_all({
      {"NumericEquals", {"10"}, One{"10.0"}, true},
      {"NumericEquals", {"10"}, One{"11"}, false},
      {"NumericEquals", {"10"}, One{"ten"}, false},
      {"NumericNotEquals", {"10", "11"}, One{"11"}, false},
      {"NumericNotEquals", {"10", "11"}, One{"12"}, true},
      {"NumericLessThan", {"10"}, One{"9"}, true},
      {"NumericLessThan", {"10"}, One{"10"}, false},
      {"NumericLessThan", {"9", "100"}, One{"50"}, true},
      {"NumericLessThanEquals", {"10"}, One{"10"}, true},
      {"NumericGreaterThan", {"10"}, One{"10"}, false},
      {"NumericGreaterThan", {"-1"}, One{"0"}, true},
      {"NumericGreaterThanEquals", {"10"}, One{"10"}, true},
  });
}

TEST(ConditionTest, Times) {
  expect_all({
      {"DateEquals", {"2026-01-02T03:04:05Z"}, One{"2026-01-02T03:04:05.000Z"}, true},
      {"DateEquals", {"2026-01-02T04:04:05+01:00"}, One{"2026-01-02T03:04:05Z"}, true},
      {"DateEquals", {"1767323045"}, One{"2026-01-02T03:04:05Z"}, true},
      {"DateNotEquals", {"1767323045"}, One{"2026-01-02T03:04:05Z"}, false},
      {"DateLessThan", {"2026-01-02"}, One{"2026-01-01T23:59:59.999Z"}, true},
      {"DateLessThan", {"2026-01-02"}, One{"2026-01-02T00:00:00Z"}, false},
      {"DateLessThanEquals", {"2026-01-02"}, One{"2026-01-02T00:00:00Z"}, true},
      {"DateGreaterThan", {"2024-02-29"}, One{"1709164800"}, false},
      {"DateGreaterThanEquals", {"2024-02-29"}, One{"1709164800"}, true},
      {"DateLessThan", {"2026-01-02"}, One{"soon"}, false},
  });
}

TEST(ConditionTest, OtherTypes) {
  expect_all({
      {"Bool", {"true"}, One{"true"}, true},
      {"Bool", {"true"}, One{"false"}, false},
      {"Bool", {"false"}, One{"False"}, true},
      {"Bool", {"false"}, One{"maybe"}, false},
      {"BinaryEquals", {"AQI="}, One{"AQI="}, true},
      {"BinaryEquals", {"AQI="}, One{"AQM="}, false},
      {"IpAddress", {"203.0.113.0/24"}, One{"203.0.113.7"}, true},
      {"IpAddress", {"203.0.113.0/24"}, One{"203.0.114.7"}, false},
      {"IpAddress", {"203.0.113.0/25"}, One{"203.0.113.200"}, false},
      {"IpAddress", {"10.0.0.0/8", "127.0.0.1"}, One{"127.0.0.1"}, true},
      {"IpAddress", {"127.0.0.1"}, One{"::ffff:127.0.0.1"}, true},
      {"IpAddress", {"2001:db8::/33"}, One{"2001:db8:7fff::1"}, true},
      {"IpAddress", {"2001:db8::/33"}, One{"2001:db8:8000::1"}, false},
      {"IpAddress", {"0.0.0.0/0"}, One{"::1"}, false},
      {"IpAddress", {"::/0"}, One{"127.0.0.1"}, false},
      {"IpAddress", {"0.0.0.0/0"}, One{"nowhere"}, false},
      {"NotIpAddress", {"203.0.113.0/24"}, One{"203.0.113.7"}, false},
      {"NotIpAddress", {"203.0.113.0/24"}, One{"10.0.0.1"}, true},
  });
}

TEST(ConditionTest, AbsentKeys) {
  expect_all({
      {"StringEquals", {"a"}, std::nullopt, false},
      {"StringEqualsIfExists", {"a"}, std::nullopt, true},
      {"StringEqualsIfExists", {"a"}, One{"b"}, false},
      {"StringNotEquals", {"a"}, std::nullopt, true},
      {"StringNotEqualsIfExists", {"a"}, std::nullopt, true},
      {"NumericLessThan", {"1"}, std::nullopt, false},
      {"NotIpAddress", {"10.0.0.0/8"}, std::nullopt, true},
      {"Bool", {"false"}, std::nullopt, false},
      {"BoolIfExists", {"false"}, std::nullopt, true},
      {"Null", {"true"}, std::nullopt, true},
      {"Null", {"true"}, One{}, true},
      {"Null", {"true"}, One{"a"}, false},
      {"Null", {"false"}, One{"a"}, true},
      {"Null", {"false"}, std::nullopt, false},
      {"ForAllValues:StringEquals", {"a"}, std::nullopt, true},
      {"ForAllValues:StringEquals", {"a"}, One{}, true},
      {"ForAllValues:StringNotEquals", {"a"}, std::nullopt, true},
      {"ForAnyValue:StringEquals", {"a"}, std::nullopt, false},
      {"ForAnyValue:StringEquals", {"a"}, One{}, false},
      {"ForAnyValue:StringNotEquals", {"a"}, std::nullopt, false},
      {"ForAnyValue:StringEqualsIfExists", {"a"}, std::nullopt, true},
  });
}

TEST(ConditionTest, SeveralValues) {
  expect_all({
      {"ForAllValues:StringEquals", {"a", "b"}, One{"a", "b"}, true},
      {"ForAllValues:StringEquals", {"a", "b"}, One{"a", "c"}, false},
      {"ForAnyValue:StringEquals", {"a", "b"}, One{"c", "b"}, true},
      {"ForAnyValue:StringEquals", {"a", "b"}, One{"c", "d"}, false},
      {"ForAllValues:StringNotEquals", {"a"}, One{"b", "a"}, false},
      {"ForAllValues:StringNotLike", {"a*"}, One{"b", "c"}, true},
      {"ForAnyValue:StringNotEquals", {"a"}, One{"a", "b"}, true},
      {"ForAnyValue:StringNotEquals", {"a"}, One{"a"}, false},
      {"StringEquals", {"a", "b"}, One{"a", "b"}, true},
      {"StringEquals", {"a"}, One{"a", "c"}, false},
      {"StringNotEquals", {"a"}, One{"a", "c"}, false},
  });
  // In doubt a Deny applies.
  EXPECT_TRUE(holds_for({"StringEquals", {"a"}, One{"a", "c"}, true}, true));
  EXPECT_TRUE(holds_for({"StringNotEquals", {"a"}, One{"a", "c"}, true}, true));
  EXPECT_FALSE(holds_for({"StringNotEquals", {"a"}, One{"a"}, false}, true));
}

TEST(ConditionTest, WhatIsNoOperator) {
  for (const char* name :
       {"", "stringequals", "StringEqual", "IfExists", "ForAllValues:", "ForAnyValue::StringEquals",
        "NullIfExists", "ForAnyValue:Null", "StringEqualsIfExistsIfExists"}) {
    EXPECT_FALSE(read_condition_operator(name)) << name;
  }
}

TEST(ConditionTest, WhatIsNoValue) {
  const std::initializer_list<std::pair<const char*, const char*>> cases = {
      {"NumericEquals", "ten"},
      {"NumericEquals", ""},
      {"Bool", "yes"},
      {"Null", "1"},
      {"BinaryEquals", "A"},
      {"IpAddress", "10.0.0.0/33"},
      {"IpAddress", "10.0.0"},
      {"IpAddress", "::1/"},
      {"IpAddress", "10.0.0.0/-1"},
      {"DateEquals", ""},
      {"DateEquals", "234-13"},
      {"DateEquals", "2026-02-30T25:00:00Z"},
      {"DateEquals", "2016-12-13t2:00:00.593194+1"},
      {"DateEquals", "2016-12-13t2:00:00.1999999999+10:59"},
      {"DateEquals", "9223372036854775808"},
      {"DateEquals", "99999999999999999999999"},
      {"DateEquals", "292278994-01-01"},
      {"DateEquals", "2026-01-02 03:04"},
  };
  for (const auto& [comparison, text] : cases) {
    EXPECT_FALSE(read_condition_value(read_condition_operator(comparison).value(), text, true))
        << comparison << " " << text;
  }
  for (const char* text : {"2016-12-13t2:00:00.593194+10:59", "0", "9223372036854775807", "2016-12",
                           "-0044-03-15", "2016-12-13T", "2016-12-13T12Z"}) {
    EXPECT_TRUE(parse_date_time(text)) << text;
  }
}

}  // namespace
}  // namespace millrace::policy
