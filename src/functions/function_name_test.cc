#include "functions/function_name.h"

#include <gmock/gmock.h>

namespace millrace::functions {
namespace {

const catalog::Site kSite;

std::string read(std::string_view text, std::string_view qualifier = {}) {
  const auto name = read_function_name(kSite, text, qualifier);
  if (!name.ok()) return std::string(error_name(name.error().code));
  return name->name + "|" + name->qualifier;
}

TEST(FunctionName, HasManyForms) {
  EXPECT_EQ(read("f"), "f|");
  EXPECT_EQ(read("f:live"), "f|live");
  EXPECT_EQ(read("f:$LATEST"), "f|$LATEST");
  EXPECT_EQ(read("f", "1"), "f|1");
  EXPECT_EQ(read("000000000000:function:f"), "f|");
  EXPECT_EQ(read("000000000000:function:f:2"), "f|2");
  EXPECT_EQ(read("000000000000:f"), "f|");
  EXPECT_EQ(read("function:f"), "f|");
  EXPECT_EQ(read("us-east-1:000000000000:function:f"), "f|");
  EXPECT_EQ(read("arn:aws:lambda:us-east-1:000000000000:function:f"), "f|");
  EXPECT_EQ(read("arn:aws:lambda:us-east-1:000000000000:function:f:live", "live"), "f|live");
  EXPECT_EQ(read("123456789012"), "123456789012|");
}

TEST(FunctionName, QualifiersMustAgree) {
  EXPECT_EQ(read("f:live", "1"), "InvalidParameterValueException");
}

TEST(FunctionName, OthersAreNotHere) {
  for (const char* text : {"arn:aws:lambda:eu-west-1:000000000000:function:f",
                           "arn:aws:lambda:us-east-1:123456789012:function:f",
                           "arn:aws-cn:lambda:us-east-1:000000000000:function:f",
                           "123456789012:function:f", "eu-west-1:000000000000:function:f"}) {
    EXPECT_EQ(read(text), "ResourceNotFoundException") << text;
  }
}

TEST(FunctionName, MakesArns) {
  EXPECT_EQ(function_arn(kSite, "f"), "arn:aws:lambda:us-east-1:000000000000:function:f");
  EXPECT_EQ(function_not_found(kSite, {"f", "7"}).message,
            "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f:7");
}

}  // namespace
}  // namespace millrace::functions
