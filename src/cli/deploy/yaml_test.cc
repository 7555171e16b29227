#include "cli/deploy/yaml.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace millrace::cli::deploy {
namespace {

using ::testing::HasSubstr;

std::string read(std::string_view text) {
  const auto node = parse_yaml(text, "t.yaml");
  return node.ok() ? to_json(*node) : node.error().message;
}

TEST(YamlTest, ReadsYamlAndJson) {
  EXPECT_EQ(read("a: 1\nb: [x, 'y']\nc: {d: ~, e: \"\"}\n"),
            R"({"a":"1","b":["x","y"],"c":{"d":null,"e":""}})");
  EXPECT_EQ(read(R"({"a": {"b": [true, "c"]}})"), R"({"a":{"b":["true","c"]}})");
  EXPECT_EQ(read("a: |\n  one\n  two\n"), R"({"a":"one\ntwo\n"})");
}

TEST(YamlTest, ShortFunctionsBecomeLongOnes) {
  EXPECT_EQ(read("a: !Ref B\nc: !GetAtt D.Arn\ne: !Sub 'x-${F}'\n"),
            R"({"a":{"Ref":"B"},"c":{"Fn::GetAtt":"D.Arn"},"e":{"Fn::Sub":"x-${F}"}})");
  EXPECT_EQ(read("a: !Join ['', [b, !Ref C]]\nd: !If\n  - e\n  - !Select [0, [1]]\n  - 2\n"),
            R"({"a":{"Fn::Join":["",["b",{"Ref":"C"}]]},)"
            R"("d":{"Fn::If":["e",{"Fn::Select":["0",["1"]]},"2"]}})");
}

TEST(YamlTest, NodesKnowTheirLines) {
  const auto node = parse_yaml("a:\n  b: 1\n  c:\n    - 2\n", "t.yaml");
  ASSERT_TRUE(node.ok());
  EXPECT_EQ(node->find("a")->find("b")->place, "t.yaml:2");
  EXPECT_EQ(node->find("a")->find("c")->items[0].place, "t.yaml:4");
}

TEST(YamlTest, AliasesStandForTheirAnchors) {
  EXPECT_EQ(read("a: &x {b: 1}\nc: *x\n"), R"({"a":{"b":"1"},"c":{"b":"1"}})");
}

TEST(YamlTest, WhatIsNotYamlIsRefusedWithItsLine) {
  EXPECT_THAT(read("a: 1\nb: [\n"), HasSubstr("t.yaml:"));
  EXPECT_EQ(read("a: 1\na: 2\n"), "t.yaml:2: 'a' is there twice");
  EXPECT_EQ(read(""), "t.yaml:1: is empty");
  EXPECT_EQ(read("a: 1\n---\nb: 1\n"), "t.yaml:1: has more than one document");
  EXPECT_EQ(read("? [a]\n: 1\n"), "t.yaml:1: a name must be a text");
  EXPECT_EQ(read("<<: {a: 1}\n"), "t.yaml:1: merge keys are not supported");
  EXPECT_THAT(read("a: *nope\n"), HasSubstr("t.yaml:1:"));
  EXPECT_THAT(read("a: &x [*x]\n"), HasSubstr("t.yaml:1:"));
}

TEST(YamlTest, ABombOfAliasesIsRefused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    text += fmt::format("a{}: &a{} [", i, i);
    for (int j = 0; j < 10; ++j) text += fmt::format("*a{}, ", i - 1);
    text += "]\n";
  }
  EXPECT_THAT(read(text), HasSubstr("too large"));
  EXPECT_THAT(read(std::string(100'000, '[')), HasSubstr("t.yaml:1:"));
  std::string deep = "a0: &a0 [x]\n";
  for (int i = 1; i < 200; ++i) deep += fmt::format("a{}: &a{} [*a{}]\n", i, i, i - 1);
  EXPECT_THAT(read(deep), HasSubstr("too"));
}

}  // namespace
}  // namespace millrace::cli::deploy
