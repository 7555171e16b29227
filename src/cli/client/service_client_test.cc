#include "cli/client/service_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/credential.h"
#include "cli/client/answer.h"
#include "http/server.h"

namespace millrace::cli {
namespace {

// Answers what it is told to, and keeps the request.
class Scripted final : public http::Handler {
 public:
  void handle(http::Request request, http::Respond respond) override {
    latest = std::move(request);
    respond(response);
  }
  http::Response refuse(int status, std::string_view reason) override {
    return {.status = status, .headers = {}, .body = std::string(reason)};
  }

  http::Request latest;
  http::Response response;
};

class ServiceClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = http::Server::listen({.port = 0, .threads = 1}, handler_);
    ASSERT_TRUE(server.ok());
    server_ = std::move(*server);
    server_->start();
    connection_.streams = {"127.0.0.1", server_->port(),
                           "127.0.0.1:" + std::to_string(server_->port())};
    connection_.dynamodb = {"127.0.0.1", 1, "127.0.0.1:1"};
    connection_.credentials = {"key", "secret", "token"};
    connection_.region = "eu-west-1";
  }
  void TearDown() override { server_->stop(std::chrono::milliseconds(0)); }

  Result<json::Document> call(int status, std::string body) {
    handler_.response = {.status = status, .headers = {}, .body = std::move(body)};
    ServiceClient client(connection_, clock_);
    return client.call({"GetRecords", R"({"Limit":1})", kStreamsPrefix},
                       std::chrono::milliseconds(250));
  }
  // The code's name and the message.
  std::string error(int status, std::string body) {
    const auto answer = call(status, std::move(body));
    if (answer.ok()) return "";
    return std::string(error_name(answer.error().code)) + "|" + answer.error().message;
  }

  const SystemClock clock_;
  Scripted handler_;
  std::unique_ptr<http::Server> server_;
  Connection connection_;
};

TEST_F(ServiceClientTest, SignsAndSendsToTheServiceOfTheCall) {
  const auto answer = call(200, R"({"Records":[],"n":3})");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(find_integer(root_of(*answer), "n"), 3);
  const http::Request& sent = handler_.latest;
  EXPECT_EQ(sent.header("X-Amz-Target"), "DynamoDBStreams_20120810.GetRecords");
  EXPECT_EQ(sent.header("x-millrace-wait-ms"), "250");
  EXPECT_EQ(sent.header("X-Amz-Security-Token"), "token");
  EXPECT_EQ(sent.body, R"({"Limit":1})");
  const auto credential = auth::parse_credential(
      {.authorization = sent.header("Authorization"), .date = sent.header("X-Amz-Date")});
  ASSERT_TRUE(credential.ok() && credential->has_value());
  EXPECT_EQ((*credential)->access_key_id, "key");
  EXPECT_EQ((*credential)->region, "eu-west-1");
  EXPECT_EQ((*credential)->service, "dynamodb");
}

TEST_F(ServiceClientTest, AnOperationMayAnswerNothing) {
  EXPECT_TRUE(call(200, "").ok());
  EXPECT_FALSE(call(200, "[]").ok());
  EXPECT_FALSE(call(200, "<html>").ok());
}

TEST_F(ServiceClientTest, NamesTheErrorOfTheService) {
  EXPECT_EQ(error(400, R"({"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",)"
                       R"("message":"not there"})"),
            "ResourceNotFoundException|GetRecords: ResourceNotFoundException: not there");
  EXPECT_EQ(error(400, R"({"__type":"com.amazon.coral.service#UnknownOperationException"})"),
            "UnknownOperationException|GetRecords: UnknownOperationException");
  EXPECT_EQ(error(400, R"({"__type":"com.amazon.coral.availability#ThrottlingException",)"
                       R"("Message":"slow"})"),
            "ThrottlingException|GetRecords: ThrottlingException: slow");
  EXPECT_EQ(error(400, R"({"__type":"a#UnrecognizedClientException","message":"who?"})"),
            "UnrecognizedClientException|GetRecords: UnrecognizedClientException: who?");
  EXPECT_EQ(error(502, "<html>"), "ServiceUnavailableException|GetRecords: HTTP 502");
}

TEST_F(ServiceClientTest, SpeaksTheProtocolOfLambda) {
  connection_.lambda = connection_.streams;
  handler_.response = {.status = 201, .headers = {}, .body = R"({"State":"Active"})"};
  ServiceClient client(connection_, clock_);
  const auto answer = client.call_rest({.operation = "ListTags",
                                        .method = "GET",
                                        .path = "/2017-03-31/tags/arn%3Aaws",
                                        .query = "a=b%20c"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(text_of(root_of(*answer), "State"), "Active");
  EXPECT_EQ(handler_.latest.method, "GET");
  EXPECT_EQ(handler_.latest.target, "/2017-03-31/tags/arn%3Aaws?a=b%20c");
  const auto credential =
      auth::parse_credential({.authorization = handler_.latest.header("Authorization"),
                              .date = handler_.latest.header("X-Amz-Date")});
  ASSERT_TRUE(credential.ok() && credential->has_value());
  EXPECT_EQ((*credential)->service, "lambda");
  handler_.response = {.status = 409,
                       .headers = {{"x-amzn-ErrorType", "ResourceConflictException:http://x"}},
                       .body = R"({"Type":"User","Message":"is there"})"};
  const auto refused = client.call_rest(
      {.operation = "CreateFunction", .method = "POST", .path = "/", .body = "{}"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceConflictException);
  EXPECT_EQ(refused.error().message, "CreateFunction: ResourceConflictException: is there");
}

TEST_F(ServiceClientTest, SpeaksTheProtocolOfLogs) {
  connection_.logs = connection_.streams;
  handler_.response = {.status = 200, .headers = {}, .body = "{}"};
  ServiceClient client(connection_, clock_);
  ASSERT_TRUE(client.call({"DescribeLogGroups", "{}", kLogsPrefix}).ok());
  EXPECT_EQ(handler_.latest.header("X-Amz-Target"), "Logs_20140328.DescribeLogGroups");
  EXPECT_EQ(handler_.latest.header("Content-Type"), "application/x-amz-json-1.1");
  EXPECT_THAT(std::string(handler_.latest.header("Authorization")),
              ::testing::HasSubstr("/logs/aws4_request"));
}

TEST_F(ServiceClientTest, SpeaksTheProtocolOfIam) {
  connection_.iam = connection_.streams;
  handler_.response = {
      .status = 200,
      .headers = {},
      .body =
          "<GetRoleResponse xmlns=\"x\">\n<GetRoleResult> <Role><RoleName>a&amp;b</RoleName>"
          "</Role> </GetRoleResult><ResponseMetadata/></GetRoleResponse>"};
  ServiceClient client(connection_, clock_);
  const auto answer = client.call_query({"GetRole", {{"RoleName", "a&b c"}}});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(text_of(*find_object(root_of(*answer), "Role"), "RoleName"), "a&b");
  EXPECT_EQ(handler_.latest.method, "POST");
  EXPECT_EQ(handler_.latest.target, "/");
  EXPECT_EQ(handler_.latest.body, "Action=GetRole&Version=2010-05-08&RoleName=a%26b%20c");
  EXPECT_EQ(handler_.latest.header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_THAT(std::string(handler_.latest.header("Authorization")),
              ::testing::HasSubstr("/us-east-1/iam/aws4_request"));
  const auto refusal = [&](int status, std::string body) {
    handler_.response = {.status = status, .headers = {}, .body = std::move(body)};
    const auto refused = client.call_query({"GetRole"});
    if (refused.ok()) return std::string();
    return std::string(error_name(refused.error().code)) + "|" + refused.error().message;
  };
  const auto error = [](const std::string& code) {
    return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code +
           "</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>";
  };
  EXPECT_EQ(refusal(404, error("NoSuchEntity")), "NoSuchEntity|GetRole: NoSuchEntity: no");
  EXPECT_EQ(refusal(403, error("AccessDenied")), "AccessDeniedException|GetRole: AccessDenied: no");
  EXPECT_EQ(refusal(400, error("InvalidAction")), "ValidationException|GetRole: InvalidAction: no");
  EXPECT_EQ(refusal(400, R"({"__type":"UnknownOperationException"})"),
            "UnknownOperationException|GetRole: the server does not answer as IAM does (HTTP 400)");
  EXPECT_EQ(refusal(502, "<html>"),
            "ServiceUnavailableException|GetRole: the server does not answer as IAM does (HTTP "
            "502)");
  EXPECT_EQ(refusal(200, "<html>"),
            "ServiceUnavailableException|GetRole: the answer cannot be read");
}

TEST(IsTransientTest, TellsWhatMaySucceedLater) {
  EXPECT_TRUE(is_transient({ErrorCode::kServiceUnavailableException, ""}));
  EXPECT_TRUE(is_transient({ErrorCode::kProvisionedThroughputExceededException, ""}));
  EXPECT_FALSE(is_transient({ErrorCode::kValidationException, ""}));
  EXPECT_FALSE(is_transient({ErrorCode::kExpiredIteratorException, ""}));
}

}  // namespace
}  // namespace millrace::cli
