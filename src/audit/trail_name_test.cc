#include "audit/trail_name.h"

#include <gtest/gtest.h>

#include "audit/kms_key_arn.h"

namespace millrace::audit {
namespace {

const catalog::Site kSite{"123456789012", "eu-west-1"};

TEST(TrailName, RulesAreTheServices) {
  for (const char* name : {"abc", "My-Trail_1.x", "9to5", "1.2.3", "1.2.3.4.5"}) {
    EXPECT_TRUE(check_trail_name(name).ok()) << name;
  }
  EXPECT_TRUE(check_trail_name(std::string(128, 'a')).ok());
  const std::pair<std::string, const char*> bad[] = {
      {"", "Trail name cannot be blank!"},
      {"ab",
       "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 "
       "characters."},
      {std::string(129, 'a'),
       "Trail name too long. Maximum allowed length: 128 characters. Specified name length: 129 "
       "characters."},
      {"-abc", "Trail name must starts with a letter or number."},
      {"abc.", "Trail name must ends with a letter or number."},
      {"a/bc",
       "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods "
       "(.), hyphens (-), and underscores (_)."},
      {"my-_trail", "Trail name cannot have adjacent periods, underscores or hyphens."},
      {"192.168.5.4", "Trail name cannot be in IP address format."},
  };
  for (const auto& [name, message] : bad) {
    const auto status = check_trail_name(name);
    ASSERT_FALSE(status.ok()) << name;
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidTrailNameException);
    EXPECT_EQ(status.error().message, message);
  }
}

TEST(TrailName, IsFoundInArns) {
  EXPECT_EQ(trail_name_of(kSite, "abc").value(), "abc");
  EXPECT_EQ(trail_name_of(kSite, trail_arn(kSite, "abc")).value(), "abc");
  for (const char* arn : {
           "arn:",
           "arn:aws:cloudtrail:eu-west-1:123456789012",
           "arn:aws:cloudtrail:eu-west-1:123456789012:trail",
           "arn:aws:cloudtrail:eu-west-1:123456789012:trail/",
           "arn:aws:cloudtrail:eu-west-1:123456789012:trail/a b c",
           "arn:aws:cloudtrail:eu-west-1:123456789012:channel/abc",
           "arn:aws:dynamodb:eu-west-1:123456789012:trail/abc",
           "arn:aws:cloudtrail:eu-west-1:000000000000:trail/abc",
           "arn:aws:cloudtrail:us-east-1:123456789012:trail/abc",
       }) {
    const auto name = trail_name_of(kSite, arn);
    ASSERT_FALSE(name.ok()) << arn;
    EXPECT_EQ(name.error().code, ErrorCode::kCloudTrailARNInvalidException) << arn;
  }
}

TEST(TrailName, ArnsOfOtherThingsAreTold) {
  const auto arn =
      parse_cloud_trail_arn(kSite, "arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/a-b");
  ASSERT_TRUE(arn.ok());
  EXPECT_EQ(arn->type, "eventdatastore");
  EXPECT_EQ(arn->id, "a-b");
}

TEST(KmsKeyArn, EveryFormBecomesAnArn) {
  const std::string id = "12345678-1234-1234-1234-123456789012";
  const std::string beginning = "arn:aws:kms:eu-west-1:123456789012:";
  EXPECT_EQ(kms_key_arn(kSite, "alias/audit").value(), beginning + "alias/audit");
  EXPECT_EQ(kms_key_arn(kSite, id).value(), beginning + "key/" + id);
  for (const std::string& arn : {beginning + "key/" + id, beginning + "alias/audit"}) {
    EXPECT_EQ(kms_key_arn(kSite, arn).value(), arn);
  }
  for (const std::string bad : {"key", "alias/", "alias/a b", "arn:aws:kms:eu-west-1::key/1",
                                "arn:aws:s3:eu-west-1:123456789012:key/1", "alias/a\r\nb: c"}) {
    const auto arn = kms_key_arn(kSite, bad);
    ASSERT_FALSE(arn.ok()) << bad;
    EXPECT_EQ(arn.error().code, ErrorCode::kInvalidKmsKeyIdException);
  }
}

}  // namespace
}  // namespace millrace::audit
