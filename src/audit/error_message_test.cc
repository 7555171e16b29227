#include <gtest/gtest.h>

#include "audit/request_description.h"
#include "model/number.h"

namespace millrace::audit {
namespace {

std::string told(std::string_view message, std::string_view operation = "PutItem") {
  return error_message_of(*find_request_kind("dynamodb", operation), message);
}

TEST(ErrorMessage, QuotesNoValue) {
  EXPECT_EQ(told("The conditional request failed"), "The conditional request failed");
  EXPECT_EQ(told(Number::parse("secret").error().message),
            "The parameter cannot be converted to a numeric value: ***(Redacted)");
  EXPECT_EQ(told("Unsupported token in expression: secret at 1:8:5"),
            "Unsupported token in expression: ***(Redacted)");
  EXPECT_EQ(told("2 validation errors detected: Value 'secret' at 'secret' at 'statement' failed; "
                 "Value 'x' at 'limit' failed"),
            "2 validation errors detected: Value '***(Redacted)' at 'limit' failed");
  EXPECT_EQ(told("1 validation error detected: Value null at 'tableName' failed"),
            "1 validation error detected: Value null at 'tableName' failed");
}

TEST(ErrorCode, OfAccessControlIsAnException) {
  const RequestKind& create_user = *find_request_kind("iam", "CreateUser");
  EXPECT_EQ(error_code_of(create_user, ErrorCode::kNoSuchEntity), "NoSuchEntityException");
  EXPECT_EQ(error_code_of(create_user, ErrorCode::kAccessDeniedException), "AccessDenied");
  EXPECT_EQ(error_code_of(create_user, ErrorCode::kInternalServerError), "InternalServerError");
  EXPECT_EQ(error_code_of(create_user, ErrorCode::kValidationException), "ValidationException");
  EXPECT_EQ(
      error_code_of(*find_request_kind("dynamodb", "GetItem"), ErrorCode::kAccessDeniedException),
      "AccessDeniedException");
}

TEST(ErrorMessage, OfManagementEventsIsWhole) {
  const std::string message = "1 validation error detected: Value 'a b' at 'tableName' failed";
  EXPECT_EQ(told(message, "CreateTable"), message);
}

}  // namespace
}  // namespace millrace::audit
