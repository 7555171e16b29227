#include "triggers/event_pattern.h"

#include <chrono>

#include <gtest/gtest.h>

namespace millrace::triggers {
namespace {

constexpr std::string_view kRecord = R"({
  "eventID": "1", "eventName": "MODIFY", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
  "awsRegion": "us-east-1",
  "userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"},
  "dynamodb": {
    "ApproximateCreationDateTime": 1678831218.5,
    "Keys": {"id": {"S": "order#42"}},
    "NewImage": {
      "id": {"S": "order#42"}, "price": {"N": "12.5"}, "paid": {"BOOL": true},
      "note": {"NULL": true}, "address": {"S": "10.1.2.3"}, "six": {"S": "2001:db8::7"},
      "path": {"S": "a/b*c\\d/Größe.PNG"}, "empty": {"S": ""},
      "colours": {"SS": ["red", "green"]},
      "lines": {"L": [{"M": {"sku": {"S": "x"}, "count": {"N": "1"}}},
                      {"M": {"sku": {"S": "y"}, "count": {"N": "2"}}}]},
      "none": {"L": []}
    },
    "SequenceNumber": "111", "SizeBytes": 9007199254740993
  },
  "values": {"small": -3, "fraction": 0.25, "hundred": 1e2, "natural": 18446744073709551615,
             "nothing": null, "matrix": [[1, 2], [3]]}
})";

bool matches(std::string_view pattern, std::string_view record = kRecord) {
  auto compiled = EventPattern::compile(pattern);
  EXPECT_TRUE(compiled.ok()) << pattern;
  auto document = json::Document::parse(record);
  EXPECT_TRUE(document.ok());
  return compiled.ok() && compiled->matches(document->root());
}

// The pattern of one attribute of the new image.
bool attribute_matches(std::string_view name, std::string_view type, std::string_view values) {
  std::string pattern = R"({"dynamodb":{"NewImage":{")";
  pattern.append(name).append(R"(":{")").append(type).append("\":").append(values);
  return matches(pattern + "}}}}");
}

bool value_matches(std::string_view name, std::string_view values) {
  std::string pattern = R"({"values":{")";
  pattern.append(name).append("\":").append(values);
  return matches(pattern + "}}");
}

TEST(EventPattern, ExactValues) {
  EXPECT_TRUE(matches(R"({"eventName":["INSERT","MODIFY"]})"));
  EXPECT_FALSE(matches(R"({"eventName":["INSERT","modify"]})"));
  EXPECT_FALSE(matches(R"({"eventname":["MODIFY"]})"));
  EXPECT_TRUE(matches(R"({"eventName":[{"exactly":"MODIFY"}]})"));
  EXPECT_TRUE(matches(R"({"eventName":["MODIFY"],"userIdentity":{"type":["Service"]}})"));
  EXPECT_FALSE(matches(R"({"eventName":["MODIFY"],"userIdentity":{"type":["User"]}})"));
  EXPECT_TRUE(attribute_matches("paid", "BOOL", "[true]"));
  EXPECT_FALSE(attribute_matches("paid", "BOOL", R"([false,"true",1,null])"));
  EXPECT_TRUE(attribute_matches("empty", "S", R"([""])"));
  EXPECT_TRUE(value_matches("nothing", "[null]"));
  EXPECT_FALSE(value_matches("absent", "[null]"));
  EXPECT_FALSE(value_matches("nothing", R"(["null",false,0,""])"));
}

TEST(EventPattern, NumbersAreComparedExactly) {
  EXPECT_TRUE(matches(R"({"dynamodb":{"SizeBytes":[9007199254740993]}})"));
  EXPECT_FALSE(matches(R"({"dynamodb":{"SizeBytes":[9007199254740992]}})"));
  EXPECT_TRUE(matches(R"({"dynamodb":{"SizeBytes":[{"numeric":[">",9007199254740992]}]}})"));
  EXPECT_FALSE(matches(R"({"dynamodb":{"SizeBytes":[{"numeric":[">",9007199254740993]}]}})"));
  EXPECT_TRUE(value_matches("natural", "[18446744073709551615]"));
  EXPECT_FALSE(value_matches("natural", "[18446744073709551614]"));
  EXPECT_TRUE(value_matches("hundred", "[100]"));
  EXPECT_TRUE(value_matches("fraction", "[25e-2]"));
}

TEST(EventPattern, Numeric) {
  EXPECT_TRUE(value_matches("small", R"([{"numeric":["=",-3.0]}])"));
  EXPECT_TRUE(value_matches("small", R"([{"numeric":[">",-4,"<",-2]}])"));
  EXPECT_TRUE(value_matches("small", R"([{"numeric":[">=",-3,"<=",5]}])"));
  EXPECT_TRUE(value_matches("small", R"([{"numeric":[">=",-8,"<=",-3]}])"));
  EXPECT_FALSE(value_matches("small", R"([{"numeric":[">",-3,"<",5]}])"));
  EXPECT_FALSE(value_matches("small", R"([{"numeric":["<",-3]}])"));
  EXPECT_TRUE(value_matches("small", R"([{"numeric":["<=",-3]}])"));
  EXPECT_FALSE(value_matches("small", R"([{"numeric":[">=",-2]}])"));
  EXPECT_FALSE(value_matches("small", R"([{"numeric":["<=",-4]}])"));
  EXPECT_FALSE(value_matches("nothing", R"([{"numeric":["<",1]}])"));
  // The service sees strings there, too.
  EXPECT_FALSE(attribute_matches("price", "N", R"([{"numeric":[">",1]}])"));
  EXPECT_TRUE(attribute_matches("price", "N", R"(["12.5"])"));
}

TEST(EventPattern, Strings) {
  EXPECT_TRUE(attribute_matches("id", "S", R"([{"prefix":"order#"}])"));
  EXPECT_FALSE(attribute_matches("id", "S", R"([{"prefix":"rder"},{"suffix":"order"}])"));
  EXPECT_TRUE(attribute_matches("id", "S", R"([{"suffix":"42"}])"));
  EXPECT_TRUE(attribute_matches("id", "S", R"([{"equals-ignore-case":"ORDER#42"}])"));
  EXPECT_FALSE(attribute_matches("id", "S", R"([{"equals-ignore-case":"ORDER#4"}])"));
  EXPECT_TRUE(attribute_matches("path", "S", R"([{"suffix":{"equals-ignore-case":"GRÖßE.png"}}])"));
  EXPECT_TRUE(attribute_matches("id", "S", R"([{"prefix":{"equals-ignore-case":"ORDER"}}])"));
  EXPECT_FALSE(attribute_matches("id", "S", R"([{"prefix":{"equals-ignore-case":"rder"}}])"));
  EXPECT_FALSE(attribute_matches("paid", "BOOL", R"([{"prefix":"t"}])"));
  EXPECT_TRUE(matches(R"({"a":[{"equals-ignore-case":"ΣΊΣΥΦΟΣ"}]})", R"({"a":"σίσυφος"})"));
  EXPECT_FALSE(matches(R"({"a":[{"equals-ignore-case":"ΣΊΣΥΦΟ"}]})", R"({"a":"σίσυφος"})"));
}

TEST(EventPattern, Wildcards) {
  EXPECT_TRUE(attribute_matches("path", "S", R"([{"wildcard":"a*c*.PNG"}])"));
  EXPECT_TRUE(attribute_matches("path", "S", R"([{"wildcard":"*"}])"));
  EXPECT_TRUE(attribute_matches("path", "S", R"([{"wildcard":"a/b\\*c\\\\d/*"}])"));
  EXPECT_FALSE(attribute_matches("path", "S", R"([{"wildcard":"a/b\\*"}])"));
  EXPECT_FALSE(attribute_matches("path", "S", R"([{"wildcard":"*c*b*"}])"));
  EXPECT_FALSE(attribute_matches("path", "S", R"([{"wildcard":"a*"},{"wildcard":"x"}])") &&
               attribute_matches("id", "S", R"([{"wildcard":"a*"}])"));
  // The ends do not overlap.
  EXPECT_FALSE(matches(R"({"a":[{"wildcard":"ab*ba"}]})", R"({"a":"aba"})"));
  EXPECT_TRUE(matches(R"({"a":[{"wildcard":"ab*ba"}]})", R"({"a":"abba"})"));
}

TEST(EventPattern, AnythingBut) {
  EXPECT_TRUE(matches(R"({"eventName":[{"anything-but":"REMOVE"}]})"));
  EXPECT_FALSE(matches(R"({"eventName":[{"anything-but":["REMOVE","MODIFY"]}]})"));
  EXPECT_TRUE(value_matches("small", R"([{"anything-but":[1,2]}])"));
  EXPECT_FALSE(value_matches("small", R"([{"anything-but":-3}])"));
  EXPECT_FALSE(value_matches("absent", R"([{"anything-but":-3}])"));
  EXPECT_FALSE(attribute_matches("id", "S", R"([{"anything-but":{"prefix":"order"}}])"));
  EXPECT_TRUE(attribute_matches("id", "S", R"([{"anything-but":{"prefix":["a","b"]}}])"));
  EXPECT_FALSE(attribute_matches("id", "S", R"([{"anything-but":{"suffix":"42"}}])"));
  EXPECT_FALSE(
      attribute_matches("id", "S", R"([{"anything-but":{"equals-ignore-case":["Order#42"]}}])"));
  EXPECT_FALSE(attribute_matches("id", "S", R"([{"anything-but":{"wildcard":"*#*"}}])"));
  EXPECT_TRUE(attribute_matches("id", "S", R"([{"anything-but":{"wildcard":"*/*"}}])"));
  // Of several values one other is enough.
  EXPECT_TRUE(attribute_matches("colours", "SS", R"([{"anything-but":"red"}])"));
  EXPECT_FALSE(attribute_matches("colours", "SS", R"([{"anything-but":["red","green"]}])"));
}

TEST(EventPattern, Exists) {
  EXPECT_TRUE(attribute_matches("id", "S", R"([{"exists":true}])"));
  EXPECT_FALSE(attribute_matches("id", "S", R"([{"exists":false}])"));
  EXPECT_TRUE(attribute_matches("id", "N", R"([{"exists":false}])"));
  EXPECT_TRUE(matches(R"({"a":{"b":{"c":[{"exists":false}]}}})"));
  EXPECT_FALSE(matches(R"({"a":{"b":{"c":[{"exists":true}]}}})"));
  EXPECT_TRUE(value_matches("nothing", R"([{"exists":true}])"));
  EXPECT_TRUE(value_matches("absent", R"(["x",{"exists":false}])"));
  // Only of leaves.
  EXPECT_FALSE(matches(R"({"dynamodb":{"NewImage":[{"exists":true}]}})"));
  EXPECT_TRUE(matches(R"({"dynamodb":{"NewImage":[{"exists":false}]}})"));
  EXPECT_TRUE(attribute_matches("none", "L", R"([{"exists":false}])"));
}

TEST(EventPattern, AnAddressInABlock) {
  EXPECT_TRUE(attribute_matches("address", "S", R"([{"cidr":"10.0.0.0/8"}])"));
  EXPECT_TRUE(attribute_matches("address", "S", R"([{"cidr":"10.1.2.2/31"}])"));
  EXPECT_FALSE(attribute_matches("address", "S", R"([{"cidr":"10.1.2.2/32"}])"));
  EXPECT_FALSE(attribute_matches("address", "S", R"([{"cidr":"10.1.2.128/25"}])"));
  EXPECT_TRUE(attribute_matches("address", "S", R"([{"cidr":"1.2.3.4/0"}])"));
  EXPECT_TRUE(attribute_matches("six", "S", R"([{"cidr":"2001:db8::/33"}])"));
  EXPECT_FALSE(attribute_matches("six", "S", R"([{"cidr":"2001:db8:8000::/33"}])"));
  EXPECT_FALSE(attribute_matches("six", "S", R"([{"cidr":"0.0.0.0/0"}])"));
  EXPECT_FALSE(attribute_matches("id", "S", R"([{"cidr":"0.0.0.0/0"}])"));
}

TEST(EventPattern, ArraysMatchByOneElement) {
  EXPECT_TRUE(attribute_matches("colours", "SS", R"(["green"])"));
  EXPECT_FALSE(attribute_matches("colours", "SS", R"(["blue"])"));
  EXPECT_TRUE(value_matches("matrix", "[3]"));
  EXPECT_FALSE(value_matches("matrix", "[4]"));
  EXPECT_TRUE(attribute_matches("lines", "L", R"({"M":{"sku":{"S":["y"]},"count":{"N":["2"]}}})"));
  // Both in the same element.
  EXPECT_FALSE(attribute_matches("lines", "L", R"({"M":{"sku":{"S":["y"]},"count":{"N":["1"]}}})"));
}

TEST(EventPattern, Alternatives) {
  EXPECT_TRUE(matches(R"({"$or":[{"eventName":["INSERT"]},{"eventVersion":["1.1"]}]})"));
  EXPECT_FALSE(matches(R"({"$or":[{"eventName":["INSERT"]},{"eventVersion":["1.2"]}]})"));
  EXPECT_FALSE(
      matches(R"({"eventID":["2"],"$or":[{"eventName":["INSERT"]},{"eventVersion":["1.1"]}]})"));
  EXPECT_TRUE(
      matches(R"({"dynamodb":{"$or":[{"a":["b"]},{"SequenceNumber":["111"],"$or":[{"c":["d"]},)"
              R"({"Keys":{"id":{"S":[{"prefix":"order"}]}}}]}]}})"));
  // Not of the form of alternatives: a name like any other.
  EXPECT_TRUE(matches(R"({"$or":["x"]})", R"({"$or":"x"})"));
  EXPECT_TRUE(matches(R"({"$or":[{"prefix":"x"},{"numeric":["=",1]}]})", R"({"$or":"xy"})"));
  EXPECT_TRUE(matches(R"({"$or":{"a":["x"]}})", R"({"$or":{"a":"x"}})"));
}

TEST(EventPattern, WhatIsNoPatternIsRefused) {
  const std::string long_value(kPatternCharactersMax, 'x');
  for (const std::string& pattern :
       std::vector<std::string>{"",
                                "x",
                                "[]",
                                "{}",
                                "null",
                                "\"a\"",
                                R"({"a":[1})",
                                R"({"a":"b"})",
                                R"({"a":1})",
                                R"({"a":[]})",
                                R"({"a":{}})",
                                R"({"a":[[1]]})",
                                R"({"a":[{}]})",
                                R"({"a":[{"prefix":"a","suffix":"b"}]})",
                                R"({"a":[{"prefix":1}]})",
                                R"({"a":[{"prefix":""}]})",
                                R"({"a":[{"suffix":["x"]}]})",
                                R"({"a":[{"prefix":{"wildcard":"x"}}]})",
                                R"({"a":[{"unknown":"x"}]})",
                                R"({"a":[{"exists":"true"}]})",
                                R"({"a":[{"exists":true,"prefix":"x"}]})",
                                R"({"a":[{"numeric":[]}]})",
                                R"({"a":[{"numeric":["=",1,"=",2]}]})",
                                R"({"a":[{"numeric":["<",1,">",0]}]})",
                                R"({"a":[{"numeric":[">",1,"<",1]}]})",
                                R"({"a":[{"numeric":[">","1"]}]})",
                                R"({"a":[{"numeric":[">"]}]})",
                                R"({"a":[{"numeric":["!=",1]}]})",
                                R"({"a":[{"numeric":">1"}]})",
                                R"({"a":[{"anything-but":[]}]})",
                                R"({"a":[{"anything-but":["a",1]}]})",
                                R"({"a":[{"anything-but":true}]})",
                                R"({"a":[{"anything-but":{"cidr":"1.1.1.1/8"}}]})",
                                R"({"a":[{"anything-but":{"prefix":[]}}]})",
                                R"({"a":[{"wildcard":"a**"}]})",
                                R"({"a":[{"wildcard":"a\\x"}]})",
                                R"({"a":[{"wildcard":"a\\"}]})",
                                R"({"a":[{"wildcard":1}]})",
                                R"({"a":[{"cidr":"10.0.0.0"}]})",
                                R"({"a":[{"cidr":"10.0.0.0/33"}]})",
                                R"({"a":[{"cidr":"10.0.0/8"}]})",
                                R"({"a":[{"cidr":"10.0.0.0/8x"}]})",
                                R"({"a":[{"equals-ignore-case":["x"]}]})",
                                R"({"$or":[{"a":["b"]},{"c":"d"}]})",
                                R"({"$or":[{"a":["b"]}]})",
                                R"({"a":[")" + long_value + "\"]}"}) {
    const auto compiled = EventPattern::compile(pattern);
    ASSERT_FALSE(compiled.ok()) << pattern;
    EXPECT_EQ(compiled.error(), (Error{ErrorCode::kInvalidParameterValueException,
                                       "Invalid filter pattern definition."}));
  }
}

TEST(EventPattern, DepthAndWildcardsAreBounded) {
  std::string deep = "[1]";
  for (int i = 0; i < 680; ++i) deep = R"({"a":)" + deep + "}";
  EXPECT_LE(deep.size(), kPatternCharactersMax);
  EXPECT_FALSE(matches(deep));

  std::string wildcard;
  for (int i = 0; i < 2'000; ++i) wildcard += "a*";
  const std::string text(400'000, 'a');
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(matches(R"({"a":[{"wildcard":")" + wildcard + "b\"}]}", R"({"a":")" + text + "\"}"));
  EXPECT_FALSE(matches(R"({"a":[{"wildcard":"*)" + std::string(4'000, 'a') + "b*\"}]}",
                       R"({"a":")" + text + "\"}"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

}  // namespace
}  // namespace millrace::triggers
