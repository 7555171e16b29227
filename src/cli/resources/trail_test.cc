#include "cli/resources/trail.h"

#include <gmock/gmock.h>

#include "cli/resources/resource_testing.h"

namespace millrace::cli::resources {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using TrailTest = ResourceTest;

constexpr const char* kTrail = "AWS::CloudTrail::Trail";

std::string trail(const std::string& is_logging, const std::string& more = "") {
  return R"({"TrailName":"audit","S3BucketName":"logs","IsLogging":)" + is_logging + more + "}";
}

TEST_F(TrailTest, IsMadeOnceAndThenUnchanged) {
  const std::string wanted = trail("true", R"(,"S3KeyPrefix":"/a/","EnableLogFileValidation":"true",
    "KMSKeyId":"alias/k","Tags":[{"Key":"team","Value":"a"}],"EventSelectors":[{"DataResources":[
    {"Type":"AWS::DynamoDB::Table","Values":["arn:aws:dynamodb"]}]}])");
  EXPECT_THAT(deploy(kTrail, wanted),
              ElementsAre("CreateTrail audit", "PutEventSelectors audit", "StartLogging audit"));
  EXPECT_EQ(to_json(services_.body_of("CreateTrail")),
            R"({"Name":"audit","S3BucketName":"logs","S3KeyPrefix":"a",)"
            R"("IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":false,)"
            R"("EnableLogFileValidation":true,"KmsKeyId":"arn:aws:kms:r:123456789012:alias/k",)"
            R"("TagsList":[{"Key":"team","Value":"a"}]})");
  EXPECT_EQ(to_json(*services_.body_of("PutEventSelectors").find("EventSelectors")),
            R"([{"ReadWriteType":"All","IncludeManagementEvents":true,"DataResources":[)"
            R"({"Type":"AWS::DynamoDB::Table","Values":["arn:aws:dynamodb"]}],)"
            R"("ExcludeManagementEventSources":[]}])");
  EXPECT_EQ(attributes_.at("Arn").text, "arn:aws:cloudtrail:r:123456789012:trail/audit");
  EXPECT_THAT(deploy(kTrail, wanted), IsEmpty());
}

TEST_F(TrailTest, IsUpdatedWhereItDiffers) {
  EXPECT_THAT(deploy(kTrail, trail("false")), ElementsAre("CreateTrail audit"));
  EXPECT_THAT(deploy(kTrail, trail("true")),
              ElementsAre("IsLogging: false → true", "StartLogging audit"));
  EXPECT_THAT(deploy(kTrail, trail("true", R"(,"S3KeyPrefix":"p","Tags":[{"Key":"k",
                                               "Value":"v"}])")),
              ElementsAre("S3KeyPrefix: (empty) → p", "Tags.k: (none) → v", "UpdateTrail audit",
                          "AddTags"));
  EXPECT_THAT(
      deploy(kTrail, trail("false")),
      ElementsAre("S3KeyPrefix: p → (empty)", "IsLogging: true → false", "Tags.k: v → (none)",
                  "UpdateTrail audit", "RemoveTags", "StopLogging audit"));
}

TEST_F(TrailTest, AdvancedSelectorsTakeThePlaceOfTheOthers) {
  deploy(kTrail, trail("false"));
  const std::string wanted =
      trail("false", R"(,"AdvancedEventSelectors":[{"Name":"","FieldSelectors":[
    {"Field":"eventCategory","Equals":["Data"],"NotEquals":[]}]}])");
  EXPECT_THAT(deploy(kTrail, wanted),
              ElementsAre(HasSubstr("AdvancedEventSelectors: (none) → "),
                          HasSubstr("EventSelectors: "), "PutEventSelectors audit"));
  EXPECT_EQ(to_json(services_.body_of("PutEventSelectors")),
            R"({"TrailName":"audit","AdvancedEventSelectors":[{"FieldSelectors":[)"
            R"({"Field":"eventCategory","Equals":["Data"]}]}]})");
  EXPECT_THAT(deploy(kTrail, wanted), IsEmpty());
  EXPECT_THAT(deploy(kTrail, trail("false")),
              ElementsAre(HasSubstr("EventSelectors: (none) → "),
                          HasSubstr("AdvancedEventSelectors: "), "PutEventSelectors audit"));
}

TEST_F(TrailTest, WhatCannotBeIsRefused) {
  EXPECT_THAT(deploy(kTrail, trail("true", R"(,"EventSelectors":[],"AdvancedEventSelectors":[])")),
              ElementsAre(HasSubstr("exclude each other")));
  EXPECT_THAT(deploy(kTrail, trail("true", R"(,"KMSKeyId":"k")")),
              ElementsAre(HasSubstr("Resources.Thing.Properties.KMSKeyId: KmsKeyId is neither")));
  EXPECT_THAT(deploy(kTrail, trail("true", R"(,"SnsTopicName":"t")")),
              ElementsAre(HasSubstr("this server does not have that")));
}

}  // namespace
}  // namespace millrace::cli::resources
