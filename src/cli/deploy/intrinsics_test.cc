#include "cli/deploy/intrinsics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/deploy/dependencies.h"
#include "cli/deploy/yaml.h"

namespace millrace::cli::deploy {
namespace {

using resources::Node;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Node parsed(std::string_view yaml) {
  return *parse_yaml(yaml, "t.yaml");
}

Scope scope() {
  Scope scope;
  scope.parameters["Stage"] = Node::of_text("dev");
  scope.parameters["List"] = Node::list();
  scope.parameters["List"].items = {Node::of_text("a"), Node::of_text("b")};
  scope.mappings = parsed("ByStage: {dev: {size: 1}, prod: {size: 9}}");
  scope.conditions = {{"Yes", true}, {"No", false}};
  scope.attributes["Table"] = {{"Ref", Node::of_text("music")},
                               {"Arn", Node::of_text("arn:t")},
                               {"StreamArn", Node::unknown("the stream of music")}};
  scope.left_out = {"Gone"};
  scope.region = "eu-west-1";
  scope.account_id = "123456789012";
  scope.stack_name = "demo";
  return scope;
}

// As JSON; or the error.
std::string resolved(std::string_view yaml) {
  const auto value = resolve(parsed(yaml), scope(), "R.P");
  if (!value.ok()) return value.error().message;
  return *value ? to_json(**value) : "nothing";
}

TEST(IntrinsicsTest, RefsAndAttributes) {
  EXPECT_EQ(resolved("!Ref Stage"), R"("dev")");
  EXPECT_EQ(resolved("!Ref Table"), R"("music")");
  EXPECT_EQ(resolved("!GetAtt Table.Arn"), R"("arn:t")");
  EXPECT_EQ(resolved("Fn::GetAtt: [Table, Arn]"), R"("arn:t")");
  EXPECT_EQ(resolved("!Ref AWS::Region"), R"("eu-west-1")");
  EXPECT_EQ(resolved("!Ref List"), R"(["a","b"])");
}

TEST(IntrinsicsTest, Substitution) {
  EXPECT_EQ(resolved("!Sub 'arn:${AWS::Partition}:x:${AWS::AccountId}:${Table}/${Table.Arn}'"),
            R"("arn:aws:x:123456789012:music/arn:t")");
  EXPECT_EQ(resolved("!Sub ['${a}-${Stage}-${!b}', {a: !Ref Table}]"), R"("music-dev-${b}")");
  EXPECT_EQ(resolved("!Sub 'no end ${Stage'"), R"("no end ${Stage")");
  EXPECT_EQ(resolved("!Sub '${List}'"), "t.yaml:1: R.P: Fn::Sub: ${List} is not a text");
}

TEST(IntrinsicsTest, ListsAndTexts) {
  EXPECT_EQ(resolved("!Join ['-', [a, !Ref Stage]]"), R"("a-dev")");
  EXPECT_EQ(resolved("!Join ['-', !Ref List]"), R"("a-b")");
  EXPECT_EQ(resolved("!Select [1, !Split ['/', 'x/y/z']]"), R"("y")");
  EXPECT_EQ(resolved("!Split [', ', 'a, ']"), R"(["a",""])");
  EXPECT_EQ(resolved("!Select [2, [a]]"),
            "t.yaml:1: R.P: Fn::Select: there is no item '2' among 1");
  EXPECT_EQ(resolved("Fn::Base64: abc"), R"("YWJj")");
}

TEST(IntrinsicsTest, ConditionsAndMappings) {
  EXPECT_EQ(resolved("!If [Yes, a, b]"), R"("a")");
  EXPECT_EQ(resolved("a: !If [No, 1, !Ref 'AWS::NoValue']\nb: [x, !Ref 'AWS::NoValue']"),
            R"({"b":["x"]})");
  EXPECT_EQ(resolved("!FindInMap [ByStage, !Ref Stage, size]"), R"("1")");
  EXPECT_EQ(resolved("!FindInMap [ByStage, x, size]"),
            "t.yaml:1: R.P: Fn::FindInMap: there is no ByStage.x");
}

TEST(IntrinsicsTest, WhatIsNotKnownYetMakesWhatDependsOnItUnknown) {
  for (const char* yaml : {"!GetAtt Table.StreamArn", "!Sub 'x${Table.StreamArn}'",
                           "!Join ['', [a, !GetAtt Table.StreamArn]]"}) {
    const auto value = resolve(parsed(yaml), scope(), "");
    ASSERT_TRUE(value.ok() && *value) << yaml;
    EXPECT_EQ((*value)->kind, resources::NodeKind::kUnknown) << yaml;
  }
}

TEST(IntrinsicsTest, FaultsNameLineAndPath) {
  EXPECT_EQ(resolved("a:\n  b: !Ref Nope\n"),
            "t.yaml:2: R.P.a.b: there is no parameter or resource 'Nope'");
  EXPECT_EQ(resolved("!GetAtt Table.Colour"),
            "t.yaml:1: R.P: Table has no attribute 'Colour'; it has Arn, StreamArn");
  EXPECT_EQ(resolved("!ImportValue x"),
            "t.yaml:1: R.P: the function Fn::ImportValue is not supported");
  EXPECT_EQ(resolved("!Ref AWS::Nope"),
            "t.yaml:1: R.P: the pseudo parameter AWS::Nope is not supported");
  EXPECT_EQ(resolved("!Ref Gone"),
            "t.yaml:1: R.P: Gone is not made, since its condition does not hold");
  EXPECT_EQ(resolved("{Ref: a, b: c}"), "t.yaml:1: R.P: Ref cannot stand beside other members");
  for (const char* yaml :
       {"!Join [a]", "!Join a", "!Select [[], []]", "!Sub [a]", "!Sub {a: b}", "!GetAtt Table",
        "!GetAtt [Table]", "!If [Maybe, 1, 2]", "!If [[], 1, 2]", "!Split ['', a]",
        "Fn::Base64: []", "Ref: []", "!FindInMap [a, b]"}) {
    EXPECT_THAT(resolved(yaml), HasSubstr("t.yaml:1: R.P: ")) << yaml;
  }
}

std::string conditions_of(std::string_view yaml) {
  Scope inner = scope();
  inner.conditions.clear();
  const Node section = parsed(yaml);
  if (const Status status = evaluate_conditions(section, inner); !status.ok()) {
    return status.error().message;
  }
  std::string text;
  for (const auto& [name, holds] : inner.conditions) text += name + (holds ? "=1 " : "=0 ");
  return text;
}

TEST(ConditionsTest, AreEvaluatedOnce) {
  EXPECT_EQ(
      conditions_of("A: !Equals [!Ref Stage, dev]\nB: !Not [Condition: A]\n"
                    "C: !Or [Condition: A, Condition: B]\nD: !And [!Condition A, !Condition B]\n"),
      "A=1 B=0 C=1 D=0 ");
  EXPECT_EQ(conditions_of("A: !Not [Condition: B]\nB: !Not [Condition: A]\n"),
            "t.yaml:2: Conditions.A: depends on itself");
  EXPECT_THAT(conditions_of("A: !Not [Condition: X]\n"), HasSubstr("there is no condition 'X'"));
  EXPECT_THAT(conditions_of("A: !Ref Stage\n"), HasSubstr("takes Fn::Equals"));
}

TEST(ReferencesTest, AreFoundInAllForms) {
  EXPECT_THAT(references_of(parsed("a: !Ref A\nb: [!GetAtt B.Arn, Fn::GetAtt: [C, Arn]]\n"
                                   "c: !Sub ['${D.Arn}${!No}', {x: !Ref E}]\n")),
              ElementsAre("A", "B", "C", "D", "E"));
}

std::string order(std::string_view yaml) {
  auto declared = read_template(parsed(yaml));
  if (!declared.ok()) return declared.error().message;
  const auto order = order_of(declared->resources);
  if (!order.ok()) return order.error().message;
  std::string text;
  for (const size_t index : *order) text += declared->resources[index].logical_id + " ";
  return text;
}

TEST(DependenciesTest, ComeFirst) {
  EXPECT_EQ(order("Resources:\n"
                  "  C: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub '${B}'}}\n"
                  "  B: {Type: AWS::S3::Bucket, DependsOn: A}\n"
                  "  A: {Type: AWS::S3::Bucket}\n"
                  "  D: {Type: AWS::S3::Bucket}\n"),
            "A B C D ");
  EXPECT_EQ(order("Resources:\n"
                  "  A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref B}}\n"
                  "  B: {Type: AWS::S3::Bucket, DependsOn: [A]}\n"),
            "t.yaml:2: Resources: there is a cycle: A → B → A");
  EXPECT_THAT(order("Resources:\n  A: {Type: AWS::S3::Bucket, DependsOn: X}\n"),
              HasSubstr("there is no resource 'X'"));
}

}  // namespace
}  // namespace millrace::cli::deploy
