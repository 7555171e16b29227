#include "wire/query_input.h"

#include <gtest/gtest.h>

#include "api/validate.h"

namespace millrace::wire {
namespace {

// The JSON, or the message of the error.
std::string input_of_form(const std::string& shape, const std::string& body) {
  http::Request request;
  // Strings, since GCC 12 warns of the literals.
  request.method = std::string("POST");
  request.target = std::string("/");
  request.body = body;
  const auto form = QueryForm::read(request);
  if (!form.ok()) return form.error().message;
  const auto input = query_input(*api::find_shape("iam", shape), *form);
  return input.ok() ? *input : input.error().message;
}

TEST(QueryInput, TypesComeFromTheShape) {
  EXPECT_EQ(input_of_form("ListPoliciesRequest",
                          "Action=ListPolicies&Version=2010-05-08&MaxItems=7&OnlyAttached=true"
                          "&PathPrefix=%2Fa%2F&Marker=1"),
            R"({"Marker":"1","MaxItems":7,"OnlyAttached":true,"PathPrefix":"/a/"})");
  EXPECT_EQ(input_of_form("ListUsersRequest", ""), "{}");
  EXPECT_EQ(input_of_form("ListUsersRequest", "MaxItems=7x"), "'7x' is not an integer");
  EXPECT_EQ(input_of_form("ListUsersRequest", "MaxItems="), "'' is not an integer");
  EXPECT_EQ(input_of_form("ListPoliciesRequest", "OnlyAttached=yes"), "'yes' is not a boolean");
}

TEST(QueryInput, FormsAreDecoded) {
  EXPECT_EQ(input_of_form("GetUserRequest", "User%4Eame=a+b%2B%26%3d%C3%A9"),
            R"({"UserName":"a b+&=é"})");
  EXPECT_EQ(input_of_form("GetUserRequest", "&&UserName=a&UserName=b&=c&UserName"),
            R"({"UserName":"a"})");
  EXPECT_EQ(input_of_form("GetUserRequest", "UserName"), R"({"UserName":""})");
}

TEST(QueryInput, ListsAndStructures) {
  EXPECT_EQ(input_of_form("TagUserRequest",
                          "Tags.member.10.Key=j&Tags.member.2.Value=v&Tags.member.2.Key=b"
                          "&UserName=u&Tags.member.2.Other=x&X-Amz-Date=now"),
            R"({"Tags":[{"Key":"b","Value":"v"},{"Key":"j"}],"UserName":"u"})");
  EXPECT_EQ(input_of_form("SimulateCustomPolicyRequest",
                          "ContextEntries.member.1.ContextKeyValues.member.1=v"
                          "&ContextEntries.member.1.ContextKeyName=aws:x"),
            R"({"ContextEntries":[{"ContextKeyName":"aws:x","ContextKeyValues":["v"]}]})");
  EXPECT_EQ(input_of_form("UntagUserRequest", "TagKeys=&UserName=u"),
            R"({"TagKeys":[],"UserName":"u"})");
}

TEST(QueryInput, NamesThatDoNotFitTheShape) {
  EXPECT_EQ(input_of_form("UntagUserRequest", "TagKeys=a"), "Unexpected list element termination");
  EXPECT_EQ(input_of_form("UntagUserRequest", "TagKeys.member=a"),
            "Unexpected list element termination");
  EXPECT_EQ(input_of_form("UntagUserRequest", "TagKeys.1=a"),
            "Unexpected list element termination");
  EXPECT_EQ(input_of_form("UntagUserRequest", "TagKeys.member.x=a"),
            "'x' is not the number of an element");
  EXPECT_EQ(input_of_form("UntagUserRequest", "TagKeys.member.99999999999=a"),
            "'99999999999' is not the number of an element");
  EXPECT_EQ(input_of_form("TagUserRequest", "Tags.member.1=a"),
            "Unexpected complex element termination");
  EXPECT_EQ(input_of_form("GetUserRequest", "UserName.a=b"), "Unexpected complex element");
}

TEST(QueryInput, SizesAreBounded) {
  std::string deep = "a";
  for (int i = 0; i < 100; ++i) deep += ".a";
  EXPECT_EQ(input_of_form("GetUserRequest", deep + "=1").substr(0, 30),
            "A parameter nests too deeply: ");
  EXPECT_EQ(input_of_form("GetUserRequest", std::string(2000, 'a') + "=1"),
            "A parameter's name is too long");
  std::string many;
  for (int i = 0; i < 5001; ++i) many += "a&";
  EXPECT_EQ(input_of_form("GetUserRequest", many), "Too many parameters");
}

TEST(QueryInput, Maps) {
  static constexpr api::Shape text = {"text",
                                      {},
                                      api::ShapeType::kString,
                                      false,
                                      api::kNoMinimum,
                                      api::kNoMaximum,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      {},
                                      {}};
  static constexpr api::Shape map = {"map",
                                     {},
                                     api::ShapeType::kMap,
                                     false,
                                     api::kNoMinimum,
                                     api::kNoMaximum,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     &text,
                                     {},
                                     {}};
  static constexpr api::Member members[] = {{"Map", &map, api::Presence::kOptional}};
  static constexpr api::Shape shape = {"shape",
                                       {},
                                       api::ShapeType::kStructure,
                                       false,
                                       api::kNoMinimum,
                                       api::kNoMaximum,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       {},
                                       members};
  http::Request request;
  request.method = "POST";
  request.body = "Map.entry.2.value=b&Map.entry.2.key=a&Map.entry.1.key=k&Map.entry.1.value=v";
  EXPECT_EQ(query_input(shape, *QueryForm::read(request)).value(), R"({"Map":{"k":"v","a":"b"}})");
  request.body = "Map.entry.1.key=k";
  EXPECT_FALSE(query_input(shape, *QueryForm::read(request)).ok());
}

}  // namespace
}  // namespace millrace::wire
