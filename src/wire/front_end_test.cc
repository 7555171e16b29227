#include "wire/front_end.h"

#include <gtest/gtest.h>

#include "engine/memory/memory_engine.h"
#include "wire/service.h"

namespace millrace::wire {
namespace {

class FrontEndTest : public ::testing::Test {
 protected:
  http::Response send(const std::string& target, const std::string& body,
                      const std::string& content_type = "application/x-amz-json-1.0") {
    http::Request request;
    request.method = "POST";
    request.target = "/";
    if (!target.empty()) request.headers.push_back({"X-Amz-Target", target});
    request.headers.push_back({"Content-Type", content_type});
    request.headers.push_back({"Host", "database.example:8000"});
    request.body = body;
    std::optional<http::Response> answer;
    front_end_.handle(std::move(request), [&](http::Response response) { answer = response; });
    EXPECT_TRUE(answer) << "the memory engine answers at once";
    return answer.value_or(http::Response{});
  }
  http::Response get(const std::string& target) {
    http::Request request;
    request.method = "GET";
    request.target = target;
    http::Response answer;
    front_end_.handle(std::move(request), [&](http::Response response) { answer = response; });
    return answer;
  }

  SystemClock clock_;
  Random random_{1};
  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(*engine_, {}).value();
  std::unique_ptr<ops::Database> database_ =
      ops::Database::open(*engine_, *catalog_, clock_, random_, random_).value();
  FrontEnd front_end_{{}, random_, {.json_services = database_services(*database_)}};
};

TEST_F(FrontEndTest, AnswersInTheProtocolOfTheRequest) {
  const auto response = send("DynamoDB_20120810.ListTables", "{}");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"TableNames":[]})");
  EXPECT_EQ(response.header("Content-Type"), "application/x-amz-json-1.0");
  EXPECT_EQ(response.header("x-amzn-RequestId").size(), 52u);
  EXPECT_TRUE(response.checksum);
  EXPECT_EQ(send("DynamoDB_20120810.ListTables", "{}", "application/x-amz-json-1.1")
                .header("Content-Type"),
            "application/x-amz-json-1.1");
}

TEST_F(FrontEndTest, UnknownOperationsAreRefused) {
  for (const char* target : {"", "ListTables", "DynamoDB_20120810.Nothing", "DynamoDB_20120810.",
                             "DynamoDB_20120810.listtables", "DynamoDBStreams_20120810.ListTables",
                             "DynamoDB_20120810.GetRecords"}) {
    const auto response = send(target, "{}");
    EXPECT_EQ(response.status, 400) << target;
    EXPECT_EQ(response.body, R"({"__type":"com.amazon.coral.service#UnknownOperationException"})");
  }
}

TEST_F(FrontEndTest, TypesComeBeforeConstraints) {
  EXPECT_EQ(send("DynamoDB_20120810.ListTables", "{").body,
            R"({"__type":"com.amazon.coral.service#SerializationException"})");
  EXPECT_EQ(
      send("DynamoDB_20120810.ListTables", R"({"Limit":"1","ExclusiveStartTableName":""})").body,
      R"({"__type":"com.amazon.coral.service#SerializationException",)"
      R"("Message":"STRING_VALUE cannot be converted to Integer"})");
  const auto response = send("DynamoDB_20120810.ListTables", R"({"Limit":0})");
  EXPECT_EQ(response.body,
            R"({"__type":"com.amazon.coral.validate#ValidationException","message":)"
            R"("1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: )"
            R"(Member must have value greater than or equal to 1"})");
}

TEST_F(FrontEndTest, TellsOperationsTheHostOfTheRequest) {
  EXPECT_EQ(send("DynamoDB_20120810.DescribeEndpoints", "{}").body,
            R"({"Endpoints":[{"Address":"database.example:8000","CachePeriodInMinutes":1440}]})");
}

TEST_F(FrontEndTest, InternalErrorsKeepTheirReasonToThemselves) {
  const auto response = front_end_.refuse(500, "");
  EXPECT_EQ(response.status, 500);
  EXPECT_TRUE(response.close);
}

TEST_F(FrontEndTest, Health) {
  EXPECT_EQ(get("/health").status, 200);
  EXPECT_EQ(get("/health?a=b").status, 200);
  EXPECT_EQ(get("/").body, "healthy: dynamodb.us-east-1.amazonaws.com ");
  EXPECT_EQ(get("/other").status, 404);
}

}  // namespace
}  // namespace millrace::wire
