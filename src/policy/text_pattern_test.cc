#include "policy/text_pattern.h"

#include <gtest/gtest.h>

#include "policy/arn_fields.h"
#include "policy/question_testing.h"

namespace millrace::policy {
namespace {

bool matches(std::string_view pattern, std::string_view text, PatternSyntax syntax = {}) {
  const auth::Principal principal = alice();
  const FakeContext context(
      FakeContext::Values{{"app:two", {"a", "b"}}, {"app:star", {"*"}}, {"app:raw", {"\xFF"}}});
  return TextPattern(pattern, syntax).matches(text, {principal, context});
}

bool matches_arn(std::string_view pattern, std::string_view arn) {
  const auth::Principal principal = alice();
  const FakeContext context;
  return TextPattern(pattern, {}).matches_arn(arn, {principal, context});
}

TEST(TextPatternTest, Wildcards) {
  struct Case {
    const char* pattern;
    const char* text;
    bool expected;
  };
  for (const Case& each : std::initializer_list<Case>{
           {"", "", true},
           {"", "a", false},
           {"*", "", true},
           {"*", "a:b/c", true},
           {"?", "", false},
           {"?", "a", true},
           {"?", "é", true},
           {"??", "é", false},
           {"*?", "é", true},
           {"*??", "é", false},
           {"a*", "a", true},
           {"a*c", "abcbc", true},
           {"a*c", "abcb", false},
           {"*a*b*c", "xxaxbxbxc", true},
           {"a**b", "ab", true},
           {"a?c*", "abc", true},
           {"a?c", "ac", false},
           {"table/*/index/*", "table/Music/index/By", true},
           {"table/*/index/*", "table/Music/stream/By", false},
           {"abc", "ABC", false},
           {"abc*", "ab", false},
           {"ab*ba", "aba", false},
           {"ab*ba", "abba", true},
           {"*é?", "xéü", true},
           {"*?é", "ü", false},
           {"a*?b*c?", "aüübcé", true},
           {"*a?c*b", "abcabcb", true},
           {"**", "", true},
       }) {
    EXPECT_EQ(matches(each.pattern, each.text), each.expected) << each.pattern << " " << each.text;
  }
}

TEST(TextPatternTest, SyntaxIsAskedFor) {
  const PatternSyntax exact{.wildcards = false, .variables = false, .ignores_case = false};
  EXPECT_TRUE(matches("a*", "a*", exact));
  EXPECT_FALSE(matches("a*", "ab", exact));
  EXPECT_TRUE(matches("${aws:username}", "${aws:username}", exact));
  const PatternSyntax any_case{.wildcards = true, .variables = true, .ignores_case = true};
  EXPECT_TRUE(matches("DynamoDB:Get*", "dynamodb:getItem", any_case));
  EXPECT_TRUE(matches("X-${AWS:UserName}", "x-ALICE", any_case));
}

TEST(TextPatternTest, Variables) {
  struct Case {
    const char* pattern;
    const char* text;
    bool expected;
  };
  for (const Case& each : std::initializer_list<Case>{
           {"home/${aws:username}/*", "home/alice/x", true},
           {"home/${aws:username}/*", "home/bob/x", false},
           {"${aws:PrincipalTag/TEAM}", "blue", true},
           {"${aws:PrincipalTag/other}", "", false},
           {"${aws:PrincipalTag/other, 'none'}", "none", true},
           {"${aws:PrincipalTag/team, 'none'}", "none", false},
           {"${aws:PrincipalTag/other, ''}x", "x", true},
           {"${aws:PrincipalTag/other, bare}", "bare", false},
           {"*${app:absent}*", "anything", false},
           {"${*}${?}${$}", "*?$", true},
           {"${*}", "a", false},
           {"${app:star}", "*", true},
           {"${app:star}", "a", false},
           {"${app:raw}", "a", false},
           {"${app:two}", "a", false},
           {"${}", "", false},
           {"a${aws:username", "a${aws:username", true},
           {"${aws:username}${aws:username}", "alicealice", true},
       }) {
    EXPECT_EQ(matches(each.pattern, each.text), each.expected) << each.pattern << " " << each.text;
  }
}

TEST(TextPatternTest, ArnsByField) {
  constexpr const char* kArn = "arn:aws:dynamodb:us-east-1:123456789012:table/a:b";
  EXPECT_TRUE(matches_arn(kArn, kArn));
  EXPECT_TRUE(matches_arn("*", kArn));
  EXPECT_TRUE(matches_arn("arn:aws:dynamodb:*", kArn));
  EXPECT_TRUE(matches_arn("arn:*:dynamodb:*:*:table/*", kArn));
  EXPECT_FALSE(matches_arn("arn:aws:*:table/*", kArn));
  EXPECT_FALSE(matches_arn("arn:aws:dynamodb:*:*:index/*", kArn));
  EXPECT_FALSE(matches_arn("*", "alice"));
  EXPECT_TRUE(matches_arn("arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::1:user/alice"));
  EXPECT_FALSE(matches_arn("arn:aws:iam::*:user/${app:x}", "arn:aws:iam::1:user/alice"));
}

TEST(TextPatternTest, IncompleteArns) {
  EXPECT_EQ(complete_arn("*"), "*");
  EXPECT_EQ(complete_arn("arn:aws:sqs"), "arn:aws:sqs:*:*:*");
  EXPECT_EQ(complete_arn("arn:aws:sqs:*"), "arn:aws:sqs:*:*:*");
  EXPECT_EQ(complete_arn("arn:aws:s3:::bucket"), "arn:aws:s3:::bucket");
  EXPECT_EQ(complete_arn("arn:aws:sqs:${aws:username}"), "arn:aws:sqs:${aws:username}:*:*");
}

// A matcher that tries every way would not end.
TEST(TextPatternTest, ManyStarsAreNoTrap) {
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "a*";
  EXPECT_FALSE(matches(pattern + "b", std::string(2000, 'a')));
  EXPECT_TRUE(matches(pattern, std::string(2000, 'a')));
  std::string unclosed;
  for (int i = 0; i < 50'000; ++i) unclosed += "${";
  EXPECT_TRUE(matches(unclosed, unclosed));
}

}  // namespace
}  // namespace millrace::policy
