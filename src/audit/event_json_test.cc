#include "audit/event_json.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "audit/identity_json.h"
#include "json/document.h"

namespace millrace::audit {
namespace {

const catalog::Site kSite{"111122223333", "us-west-2"};

Event example_event() {
  Event event;
  event.time_milliseconds = 1'430'696'054'999;
  event.event_id = "c6af9ac6-7b61-41e6-9a41-93e8deadbeef";
  event.category = Category::kData;
  event.event_source = "dynamodb.amazonaws.com";
  event.event_name = "PutItem";
  event.api_version = "2012-08-10";
  event.request_id = "REQUEST";
  event.identity.access_key_id = "AKIDEXAMPLE";
  event.connection = {"192.0.2.1", "aws-cli/2", "127.0.0.1:8000", "", ""};
  event.request_parameters_json = R"({"tableName":"Music"})";
  event.resources = {
      {"AWS::DynamoDB::Table", "arn:aws:dynamodb:us-west-2:999999999999:table/Music"}};
  return event;
}

std::string record(const Event& event) {
  std::string out;
  append_event_json(out, kSite, event);
  EXPECT_TRUE(json::Document::parse(out).ok()) << out;
  return out;
}

bool has(const Event& event, std::string_view text) {
  return record(event).find(text) != std::string::npos;
}

TEST(EventJson, IsARecordOfCloudTrail) {
  EXPECT_EQ(
      record(example_event()),
      R"({"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AKIDEXAMPLE",)"
      R"("arn":"arn:aws:iam::111122223333:user/AKIDEXAMPLE","accountId":"111122223333",)"
      R"("accessKeyId":"AKIDEXAMPLE","userName":"AKIDEXAMPLE"},"eventTime":"2015-05-03T23:34:14Z",)"
      R"("eventSource":"dynamodb.amazonaws.com","eventName":"PutItem","awsRegion":"us-west-2",)"
      R"("sourceIPAddress":"192.0.2.1","userAgent":"aws-cli/2",)"
      R"("requestParameters":{"tableName":"Music"},"responseElements":null,"requestID":"REQUEST",)"
      R"("eventID":"c6af9ac6-7b61-41e6-9a41-93e8deadbeef","readOnly":false,)"
      R"("resources":[{"accountId":"999999999999","type":"AWS::DynamoDB::Table",)"
      R"("ARN":"arn:aws:dynamodb:us-west-2:999999999999:table/Music"}],"eventType":"AwsApiCall",)"
      R"("apiVersion":"2012-08-10","managementEvent":false,"recipientAccountId":"111122223333",)"
      R"("eventCategory":"Data","tlsDetails":{"clientProvidedHostHeader":"127.0.0.1:8000"}})");
}

TEST(EventJson, TellsOfErrors) {
  Event event = example_event();
  event.error_code = "ConditionalCheckFailedException";
  event.error_message = "The conditional request failed";
  EXPECT_TRUE(has(event, R"("errorCode":"ConditionalCheckFailedException",)"
                         R"("errorMessage":"The conditional request failed")"));
  EXPECT_FALSE(has(example_event(), "error"));
}

TEST(EventJson, TellsWhoAsked) {
  Event event = example_event();
  event.identity = {};
  EXPECT_TRUE(has(event, R"("userIdentity":{"type":"AWSAccount","principalId":"",)"
                         R"("accountId":"ANONYMOUS_PRINCIPAL"})"));
  EXPECT_EQ(identity_arn(kSite, event.identity), "");
  EXPECT_EQ(identity_arn(kSite, {"K"}), "arn:aws:iam::111122223333:user/K");
}

TEST(EventJson, TellsOfTls) {
  Event event = example_event();
  event.connection.tls_version = "TLSv1.3";
  event.connection.cipher_suite = "TLS_AES_128_GCM_SHA256";
  EXPECT_TRUE(has(event, R"("tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":)"
                         R"("TLS_AES_128_GCM_SHA256","clientProvidedHostHeader")"));
}

TEST(EventJson, ManagementEventsHaveResponseElements) {
  Event event = example_event();
  event.category = Category::kManagement;
  event.read_only = true;
  event.response_elements_json = R"({"a":1})";
  event.resources.clear();
  EXPECT_TRUE(has(event, R"("responseElements":{"a":1})"));
  EXPECT_TRUE(has(event, R"("readOnly":true,"eventType")"));
  EXPECT_TRUE(has(event, R"("managementEvent":true)"));
  EXPECT_TRUE(has(event, R"("eventCategory":"Management")"));
}

TEST(EventJson, EventsOfTheServiceHaveNoCaller) {
  Event event;
  event.event_source = "cloudtrail.amazonaws.com";
  event.event_name = "Gap";
  event.event_id = "id";
  event.service_event_details_json = R"({"events":3})";
  const std::string shown = record(event);
  EXPECT_NE(shown.find(R"("userIdentity":{"accountId":"111122223333",)"
                       R"("invokedBy":"cloudtrail.amazonaws.com"})"),
            std::string::npos);
  EXPECT_NE(shown.find(R"("eventType":"AwsServiceEvent")"), std::string::npos);
  EXPECT_NE(shown.find(R"("serviceEventDetails":{"events":3})"), std::string::npos);
  EXPECT_EQ(shown.find("tlsDetails"), std::string::npos);
  EXPECT_EQ(shown.find("requestID"), std::string::npos);
}

TEST(EventJson, ClientsTextsAreCutAndMadeUtf8) {
  Event event = example_event();
  event.connection.user_agent = fmt::format("{:a>1023}\xC3\xA4tail", "");
  event.error_code = "ValidationException";
  event.error_message = std::string(3000, 'm');
  event.connection.host = "a\xFF\xC3\"\x01";
  event.identity.access_key_id = std::string(5000, 'k');
  const std::string shown = record(event);
  EXPECT_NE(shown.find(fmt::format("\"userAgent\":\"{:a>1023}\"", "")), std::string::npos);
  EXPECT_NE(shown.find(fmt::format("\"errorMessage\":\"{:m>1024}\"", "")), std::string::npos);
  EXPECT_NE(shown.find(fmt::format("\"accessKeyId\":\"{:k>128}\"", "")), std::string::npos);
  EXPECT_NE(shown.find("a\xEF\xBF\xBD\xEF\xBF\xBD\\\"\\u0001"), std::string::npos);
}

TEST(EventJson, NothingIsTooLong) {
  Event event = example_event();
  const auto text = [](size_t bytes) { return fmt::format("\"{:x>{}}\"", "", bytes - 2); };
  event.request_parameters_json = text(100 * 1024);
  EXPECT_TRUE(has(event, event.request_parameters_json));
  event.request_parameters_json = text(100 * 1024 + 1);
  EXPECT_TRUE(has(event, R"("requestParameters":{"omitted":true,)"
                         R"("reason":"requestParameters too large"})"));
  event.additional_event_data_json = text(28 * 1024 + 1);
  EXPECT_TRUE(has(event, R"("additionalEventData":{"omitted":true,)"));

  event.request_parameters_json = event.response_elements_json = text(100 * 1024);
  event.resources.assign(1000, {"AWS::DynamoDB::Table", std::string(1024, 'r')});
  EXPECT_LE(record(event).size(), 256U * 1024);
  EXPECT_TRUE(has(event, R"("reason":"requestParameters too large")"));
}

TEST(EventJson, Times) {
  EXPECT_EQ(event_time(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(event_time(951'782'399'999), "2000-02-28T23:59:59Z");
  EXPECT_EQ(event_time(951'782'400'000), "2000-02-29T00:00:00Z");
  EXPECT_EQ(event_time(-1), "1969-12-31T23:59:59Z");
  EXPECT_EQ(event_time(INT64_MAX), "9999-12-31T23:59:59Z");
  EXPECT_EQ(event_time(INT64_MIN), "0000-01-01T00:00:00Z");
}

}  // namespace
}  // namespace millrace::audit
