#include "logs/filter_pattern.h"

#include <chrono>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace millrace::logs {
namespace {

using testing::ElementsAre;
using testing::Pair;

bool matches(std::string_view pattern, std::string_view message) {
  auto parsed = parse_filter_pattern(pattern);
  EXPECT_TRUE(parsed.ok()) << pattern;
  return parsed.ok() && (*parsed)->matches(message);
}

TEST(TermPattern, NoTermsMatchEverything) {
  EXPECT_TRUE(matches("", "anything"));
  EXPECT_TRUE(matches("  ", ""));
}

TEST(TermPattern, EveryTermMustBeThere) {
  EXPECT_TRUE(matches("ERROR", "[ERROR] 404"));
  EXPECT_FALSE(matches("ERROR", "error"));
  EXPECT_TRUE(matches("two one", "one two"));
  EXPECT_FALSE(matches("two three", "one two"));
  EXPECT_TRUE(matches("\"one two\"", "zero one two"));
  EXPECT_FALSE(matches("\"one two\"", "two one"));
  EXPECT_TRUE(matches(R"("say \"hi\"")", R"(they say "hi")"));
}

TEST(TermPattern, ExcludedTermsMustNot) {
  EXPECT_TRUE(matches("ERROR -EXITING", "ERROR 400"));
  EXPECT_FALSE(matches("ERROR -EXITING", "ERROR EXITING"));
  EXPECT_FALSE(matches("-\"bad gateway\"", "502 bad gateway"));
  EXPECT_TRUE(matches("-a", "b"));
}

TEST(TermPattern, OneOfTheOptionalTermsWillDo) {
  EXPECT_TRUE(matches("?ERROR ?WARN", "WARN"));
  EXPECT_FALSE(matches("?ERROR ?WARN", "INFO"));
  // The service ignores them beside others.
  EXPECT_TRUE(matches("INFO ?ERROR", "INFO"));
}

TEST(TermPattern, Expressions) {
  EXPECT_TRUE(matches("%4[0-9]{2}%", "status 404"));
  EXPECT_FALSE(matches("%^4[0-9]{2}%", "status 404"));
  EXPECT_FALSE(matches("-%4..%", "status 404"));
  EXPECT_TRUE(matches("?%b+% ?c", "abba"));
}

constexpr std::string_view kEvent = R"({"type": "Update", "code": 404, "ratio": 0.5, "ok": true,
  "off": false, "none": null, "list": ["a", {"id": 1}, {"id": 2}], "nested": {"key": {"deep": "x"}},
  "with space": "y", "empty": ""})";

TEST(JsonPattern, ComparesTexts) {
  EXPECT_TRUE(matches(R"({ $.type = "Update" })", kEvent));
  EXPECT_TRUE(matches(R"({$.type=Update})", kEvent));
  EXPECT_TRUE(matches(R"({ $.type = "Up*" })", kEvent));
  EXPECT_TRUE(matches(R"({ $.type = *date })", kEvent));
  EXPECT_FALSE(matches(R"({ $.type = "update" })", kEvent));
  EXPECT_FALSE(matches(R"({ $.type = "Updat" })", kEvent));
  EXPECT_TRUE(matches(R"({ $.type = "U*d*t*" })", kEvent));
  EXPECT_TRUE(matches(R"({ $.type = "**Update**" })", kEvent));
  EXPECT_FALSE(matches(R"({ $.type = "Update*e" })", kEvent));
  EXPECT_FALSE(matches(R"({ $.type = "U*t*d*" })", kEvent));
  EXPECT_TRUE(matches(R"({ $.type != "Trail" })", kEvent));
  EXPECT_FALSE(matches(R"({ $.type != "U*" })", kEvent));
  EXPECT_TRUE(matches(R"({ $.type = %^Up[a-z]+$% })", kEvent));
  EXPECT_TRUE(matches(R"({ $.empty = "" })", kEvent));
}

TEST(JsonPattern, ComparesNumbers) {
  EXPECT_TRUE(matches("{ $.code = 404 }", kEvent));
  EXPECT_TRUE(matches("{ $.code = 4.04e2 }", kEvent));
  EXPECT_TRUE(matches("{ $.code = 4* }", kEvent));
  EXPECT_TRUE(matches("{ $.code >= 404 && $.code <= 404 }", kEvent));
  EXPECT_FALSE(matches("{ $.code > 404 }", kEvent));
  EXPECT_FALSE(matches("{ $.code < 404 }", kEvent));
  EXPECT_TRUE(matches("{ $.ratio < 1 }", kEvent));
  EXPECT_TRUE(matches("{ $.ratio > -1 }", kEvent));
  EXPECT_FALSE(matches("{ $.type > 1 }", kEvent));
}

TEST(JsonPattern, TestsForTruthAndPresence) {
  EXPECT_TRUE(matches("{ $.ok IS TRUE }", kEvent));
  EXPECT_FALSE(matches("{ $.ok IS FALSE }", kEvent));
  EXPECT_TRUE(matches("{ $.off IS FALSE }", kEvent));
  EXPECT_TRUE(matches("{ $.none IS NULL }", kEvent));
  EXPECT_FALSE(matches("{ $.missing IS NULL }", kEvent));
  EXPECT_TRUE(matches("{ $.missing NOT EXISTS }", kEvent));
  EXPECT_FALSE(matches("{ $.none NOT EXISTS }", kEvent));
  EXPECT_FALSE(matches("{ $.missing = 1 }", kEvent));
  EXPECT_FALSE(matches("{ $.missing != 1 }", kEvent));
}

TEST(JsonPattern, SelectsInside) {
  EXPECT_TRUE(matches("{ $.nested.key.deep = x }", kEvent));
  EXPECT_TRUE(matches("{ $.list[0] = a }", kEvent));
  EXPECT_TRUE(matches("{ $.list[1].id = 1 }", kEvent));
  EXPECT_FALSE(matches("{ $.list[9].id = 1 }", kEvent));
  EXPECT_TRUE(matches("{ $.list[*].id = 2 }", kEvent));
  EXPECT_FALSE(matches("{ $.list[*].id = 3 }", kEvent));
  EXPECT_TRUE(matches("{ $.nested.*.deep = x }", kEvent));
  EXPECT_TRUE(matches("{ $.['with space'] = y }", kEvent));
  EXPECT_TRUE(matches("{ $.[0] = 1 }", "[1]"));
}

TEST(JsonPattern, AndBindsCloserThanOr) {
  EXPECT_TRUE(matches("{ $.code = 404 || $.code = 1 && $.code = 2 }", kEvent));
  EXPECT_FALSE(matches("{ ($.code = 404 || $.code = 1) && $.code = 2 }", kEvent));
  EXPECT_TRUE(matches("{ ( ($.code = 404) && (($.type = Update)) ) }", kEvent));
}

TEST(JsonPattern, OnlyWholeObjectsAreJson) {
  EXPECT_FALSE(matches("{ $.a = 1 }", "text"));
  EXPECT_FALSE(matches("{ $.a = 1 }", R"({"a": 1} and more)"));
  EXPECT_TRUE(matches("{ $.a = 1 }", " {\"a\": 1}\n"));
  EXPECT_FALSE(matches("{ $.a NOT EXISTS }", "{"));
  EXPECT_FALSE(matches("{ $.a NOT EXISTS }", std::string(100'000, '[')));
}

TEST(ColumnPattern, CountsColumns) {
  EXPECT_TRUE(matches("[a, b, c]", "1 2 3"));
  EXPECT_FALSE(matches("[a, b]", "1 2 3"));
  EXPECT_FALSE(matches("[a, b, c, d]", "1 2 3"));
  EXPECT_TRUE(matches("[a, ...]", "1 2 3"));
  EXPECT_TRUE(matches("[..., c=3]", "1 2 3"));
  EXPECT_TRUE(matches("[a, ..., c=3]", "1 3"));
  EXPECT_FALSE(matches("[a, ..., c=3]", "3"));
  EXPECT_TRUE(matches("[a, ...]", "one"));
}

TEST(ColumnPattern, TestsColumns) {
  constexpr std::string_view kLine =
      R"(127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534)";
  EXPECT_TRUE(matches("[ip, id, user, time, request, status, bytes]", kLine));
  EXPECT_TRUE(
      matches("[ip=127.0.0.*, id, user, time, request=*.html*, status=4*, bytes>1000]", kLine));
  EXPECT_FALSE(matches("[ip, id, user, time, request, status=5*, bytes]", kLine));
  EXPECT_TRUE(matches("[..., status=404 || status=410, bytes]", kLine));
  EXPECT_FALSE(matches("[..., status>=400 && status!=404, bytes]", kLine));
  EXPECT_TRUE(matches("[ip!=10.*, ..., bytes <= 1534]", kLine));
  EXPECT_TRUE(
      matches(R"([ip, id, user=%^fr%, time, request="GET /index.html HTTP/1.0", ...])", kLine));
}

TEST(FilterPattern, WhatAPatternNamesIsExtracted) {
  const auto json =
      parse_filter_pattern("{ $.list[1].id = 1 && $.nested NOT EXISTS || $.ok IS TRUE }");
  EXPECT_THAT((*json)->extract(kEvent),
              ElementsAre(Pair("$.list[1].id", "1"), Pair("$.nested", R"({"key":{"deep":"x"}})"),
                          Pair("$.ok", "true")));
  const auto columns = parse_filter_pattern("[a, ..., z]");
  EXPECT_THAT((*columns)->extract("1 2 [3 4]"), ElementsAre(Pair("$a", "1"), Pair("$z", "3 4")));
}

TEST(FilterPattern, WhatIsNoneIsRefused) {
  for (const std::string_view text : {"\"open",
                                      "%open",
                                      "%%",
                                      "%(%",
                                      "-",
                                      "?",
                                      "{",
                                      "{}",
                                      "{ }",
                                      "{ $ = 1 }",
                                      "{ $. = 1 }",
                                      "{ $.a }",
                                      "{ $.a = }",
                                      "{ $.a = 1",
                                      "{ $.a = 1 } x",
                                      "{ $.a > text }",
                                      "{ $.a > \"1\" }",
                                      "{ $.a IS }",
                                      "{ $.a IS MAYBE }",
                                      "{ $.a NOT }",
                                      "{ a = 1 }",
                                      "{ $.a = 1 && }",
                                      "{ ($.a = 1 }",
                                      "{ $.a[ = 1 }",
                                      "{ $.a[x] = 1 }",
                                      "{ $.a[99999999999999999999] = 1 }",
                                      "{ $.a = %[% }",
                                      "[",
                                      "[a",
                                      "[a, b",
                                      "[a] x",
                                      "[a, ..., b, ...]",
                                      "[a=]",
                                      "[a>x]",
                                      "[=1]",
                                      "[a=1 || b=2]",
                                      "[a=1 ||]"}) {
    const auto parsed = parse_filter_pattern(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error(), invalid_filter_pattern());
  }
}

TEST(FilterPattern, HardPatternsStayFast) {
  const std::string message(1 << 20, 'a');
  std::string stars;
  for (int i = 0; i < 300; ++i) stars += "*a";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(matches(fmt::format("[x={}b]", stars), message));
  EXPECT_FALSE(matches("%(a*)*b%", message));
  std::string long_term(1000, 'a');
  long_term.push_back('b');
  EXPECT_FALSE(matches(long_term, message));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  std::string deep = "{ ";
  for (int i = 0; i < 500; ++i) deep += "(";
  EXPECT_FALSE(parse_filter_pattern(deep).ok());
  EXPECT_FALSE(parse_filter_pattern("%a{1000}{1000}%").ok());
}

}  // namespace
}  // namespace millrace::logs
