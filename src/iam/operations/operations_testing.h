// Operations of IAM called on an account that is a plain value.
#pragma once

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "iam/operations/operations.h"

namespace millrace::iam {

inline constexpr std::string_view kAllowGet =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:GetItem",)"
    R"("Resource":"*"}})";
inline constexpr std::string_view kTrustLambdaPolicy =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",)"
    R"("Principal":{"Service":"lambda.amazonaws.com"}}})";

// A JSON text's inside, to be a value within JSON.
inline std::string escaped(std::string_view json) {
  std::string out;
  for (const char c : json) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

class OperationsTest : public ::testing::Test {
 protected:
  OperationsTest() {
    account_.account_id = "000000000000";
    caller_.type = auth::PrincipalType::kRoot;
    caller_.arn = "arn:aws:iam::000000000000:root";
  }

  // The answer, or "Code: message".
  std::string run(ChangeOperation operation, const std::string& input) {
    const auto document = json::Document::parse(input);
    EXPECT_TRUE(document.ok()) << input;
    return shown(operation(account_, call(*document)));
  }
  std::string run(ReadOperation operation, const std::string& input) {
    const auto document = json::Document::parse(input);
    EXPECT_TRUE(document.ok()) << input;
    return shown(operation(account_, call(*document)));
  }
  // Asserts success.
  template <typename Operation>
  void must(Operation operation, const std::string& input) {
    EXPECT_THAT(run(operation, input), ::testing::Not(::testing::HasSubstr(": "))) << input;
  }
  std::string must_create_policy(const std::string& name, std::string_view document = kAllowGet) {
    must(create_policy,
         fmt::format(R"({{"PolicyName":"{}","PolicyDocument":"{}"}})", name, escaped(document)));
    return "arn:aws:iam::000000000000:policy/" + name;
  }

  Account account_;
  auth::Principal caller_;
  Random random_{1};

 private:
  Call call(const json::Document& document) {
    return {json::Object(document.root()), caller_, 1'767'323'045, random_};
  }
  static std::string shown(const Answer& answer) {
    if (answer.ok()) return *answer;
    return std::string(error_name(answer.error().code)) + ": " + answer.error().message;
  }
};

}  // namespace millrace::iam
