// What each operation says to bad input, through the API model's checks as the front end makes
// them.
#include <future>

#include <gmock/gmock.h>

#include "api/validate.h"
#include "engine/memory/memory_engine.h"
#include "logs/service.h"

namespace millrace::logs {
namespace {

using testing::HasSubstr;

constexpr int64_t kNow = 1'700'000'000'000;

class LogsOperations : public testing::Test {
 protected:
  Result<std::string> run(std::string_view operation, std::string_view input) {
    for (const api::JsonOperation& candidate : service_.operations) {
      if (candidate.name != operation) continue;
      const auto document = json::Document::parse(input);
      const api::Shape& shape = *api::find_shape(service_.model, candidate.input);
      TRY(api::check_types(shape, document->root()));
      TRY(api::check_constraints(shape, document->root()));
      std::promise<Result<std::string>> answer;
      candidate.run({json::Object(document->root()), {}, {}, {}},
                    [&](Result<std::string> result) { answer.set_value(std::move(result)); });
      return answer.get_future().get();
    }
    ADD_FAILURE() << operation;
    return internal_error("no such operation");
  }
  void succeed(std::string_view operation, std::string_view input) {
    const auto answer = run(operation, input);
    EXPECT_TRUE(answer.ok()) << answer.error().message;
  }

  ManualClock clock_{kNow * 1000};
  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<LogStore> store_ =
      LogStore::open(*engine_, clock_, {.sweep_milliseconds = 0}).value();
  api::JsonService service_ = logs_service(*store_, {});
};

struct Bad {
  const char* operation;
  const char* input;
  const char* message;  // a part of it
};

TEST_F(LogsOperations, BadInputIsRefused) {
  succeed("CreateLogGroup", R"({"logGroupName": "g"})");
  succeed("CreateLogStream", R"({"logGroupName": "g", "logStreamName": "s"})");
  const Bad bad[] = {
      {"CreateLogGroup", "{}", "Value null at 'logGroupName'"},
      {"CreateLogGroup", R"({"logGroupName": ""})", "length greater than or equal to 1"},
      {"CreateLogGroup", R"({"logGroupName": 5})", "cannot be converted to String"},
      {"CreateLogGroup", R"({"logGroupName": "g"})", "already exists"},
      {"CreateLogGroup", R"({"logGroupName": "h", "kmsKeyId": "k"})", "'kmsKeyId'"},
      {"CreateLogGroup", R"({"logGroupName": "h", "deletionProtectionEnabled": true})",
       "'deletionProtectionEnabled'"},
      {"CreateLogGroup", R"({"logGroupName": "h", "logGroupClass": "CHEAP"})", "enum value set"},
      {"CreateLogGroup", R"({"logGroupName": "h", "logGroupClass": "DELIVERY"})", "STANDARD"},
      {"CreateLogGroup", R"({"logGroupName": "h", "tags": {"aws:a": "b"}})", "reserved"},
      {"CreateLogGroup", R"({"logGroupName": "h", "tags": {"a?": "b"}})", "Map keys must"},
      {"CreateLogGroup", R"({"logGroupName": "aws/h"})", "reserved for AWS"},
      {"CreateLogStream", R"({"logGroupName": "g", "logStreamName": "a:b"})", "regular expression"},
      {"CreateLogStream", R"({"logGroupName": "none", "logStreamName": "s"})", "group does not"},
      {"CreateLogStream", R"({"logGroupName": "g", "logStreamName": "s"})", "already exists"},
      {"DeleteLogGroup", R"({"logGroupName": "none"})", "does not exist"},
      {"DeleteLogStream", R"({"logGroupName": "g", "logStreamName": "none"})", "stream does not"},
      {"DeleteRetentionPolicy", R"({"logGroupName": "none"})", "does not exist"},
      {"DescribeLogGroups", R"({"limit": 0})", "greater than or equal to 1"},
      {"DescribeLogGroups", R"({"limit": 51})", "less than or equal to 50"},
      {"DescribeLogGroups", R"({"nextToken": "bmFtZQ=="})", "nextToken is invalid"},
      {"DescribeLogGroups", R"({"includeLinkedAccounts": true})", "no linked accounts"},
      {"DescribeLogGroups", R"({"accountIdentifiers": ["000000000000"]})", "'accountIdentifiers'"},
      {"DescribeLogGroups", R"({"logGroupIdentifiers": ["arn:aws:s3:::b"]})",
       "Invalid log group ARN"},
      {"DescribeLogGroups", R"({"logGroupIdentifiers": ["g"], "logGroupNamePrefix": "g"})",
       "cannot be specified"},
      {"DescribeLogStreams", "{}", "Specify either"},
      {"DescribeLogStreams", R"({"logGroupName": "g", "orderBy": "Time"})", "enum value set"},
      {"DescribeLogStreams", R"({"logGroupName": "g", "nextToken": "x"})", "nextToken is invalid"},
      // name: without digits, and a number that is too long
      {"DescribeLogStreams", R"({"logGroupName": "g", "nextToken": "bmFtZTogcw=="})",
       "nextToken is invalid"},
      {"DescribeLogStreams",
       R"({"logGroupName": "g", "nextToken": "bmFtZTo5OTk5OTk5OTk5OTk5OTk5OTk5OSBz"})",
       "nextToken is invalid"},
      {"FilterLogEvents", R"({"logGroupName": "g", "filterPattern": "["})",
       "Invalid filter pattern"},
      {"FilterLogEvents", R"({"logGroupName": "g", "startTime": -1})",
       "greater than or equal to 0"},
      {"FilterLogEvents", R"({"logGroupName": "g", "limit": 10001})",
       "less than or equal to 10000"},
      {"FilterLogEvents", R"({"logGroupName": "g", "nextToken": "3"})", "nextToken is invalid"},
      {"FilterLogEvents",
       R"({"logGroupName": "g", "logStreamNames": ["s"], "logStreamNamePrefix": "s"})",
       "mutually exclusive"},
      {"FilterLogEvents", R"({"logGroupName": "g", "logStreamNames": []})", "length greater than"},
      {"GetLogEvents", R"({"logGroupName": "g"})", "Value null at 'logStreamName'"},
      {"GetLogEvents", R"({"logGroupName": "g", "logStreamName": "s", "nextToken": "f/3"})",
       "nextToken is invalid"},
      {"GetLogEvents", R"({"logGroupName": "g", "logGroupIdentifier": "g", "logStreamName": "s"})",
       "Specify either"},
      {"ListTagsForResource", R"({"resourceArn": "g"})", "Invalid log group ARN"},
      {"ListTagsForResource", R"({"resourceArn": "arn:aws:logs:us-east-1:1:log-group:g"})",
       "does not exist"},
      {"ListTagsLogGroup", R"({"logGroupName": "none"})", "does not exist"},
      {"PutLogEvents", R"({"logGroupName": "g", "logStreamName": "s"})",
       "Value null at 'logEvents'"},
      {"PutLogEvents", R"({"logGroupName": "g", "logStreamName": "s", "logEvents": []})",
       "length greater than or equal to 1"},
      {"PutLogEvents", R"({"logGroupName": "g", "logStreamName": "s", "logEvents": [null]})",
       "must not be null"},
      {"PutLogEvents",
       R"({"logGroupName": "g", "logStreamName": "s", "logEvents": [{"message": "a"}]})",
       "Value null at 'logEvents.1.member.timestamp'"},
      {"PutLogEvents",
       R"({"logGroupName": "g", "logStreamName": "s", "logEvents": [{"timestamp": 1, "message": ""}]})",
       "length greater than or equal to 1"},
      {"PutLogEvents",
       R"({"logGroupName": "g", "logStreamName": "s",
           "logEvents": [{"timestamp": 0, "message": "a"}, {"timestamp": 9223372036854775807, "message": "a"}]})",
       "more than 24 hours"},
      {"PutRetentionPolicy", R"({"logGroupName": "g", "retentionInDays": 2})", "Value '2'"},
      {"PutRetentionPolicy", R"({"logGroupName": "g", "retentionInDays": 9223372036854775807})",
       "enum value set"},
      {"PutRetentionPolicy", R"({"logGroupName": "none", "retentionInDays": 1})", "does not exist"},
      {"TagLogGroup", R"({"logGroupName": "g", "tags": {}})", "length greater than or equal to 1"},
      {"TagLogGroup", R"({"logGroupName": "none", "tags": {"a": "b"}})", "does not exist"},
      {"TagResource",
       R"({"resourceArn": "arn:aws:logs:us-east-1:000000000000:log-group:", "tags": {"a": "b"}})",
       "Invalid log group ARN"},
      {"TestMetricFilter", R"({"filterPattern": "{", "logEventMessages": ["a"]})",
       "Invalid filter pattern"},
      {"UntagLogGroup", R"({"logGroupName": "g", "tags": []})",
       "length greater than or equal to 1"},
      {"UntagResource", R"({"resourceArn": "x", "tagKeys": ["a"]})", "Invalid log group ARN"},
  };
  for (const Bad& one : bad) {
    const auto answer = run(one.operation, one.input);
    ASSERT_FALSE(answer.ok()) << one.operation << one.input;
    EXPECT_THAT(answer.error().message, HasSubstr(one.message)) << one.operation << one.input;
  }
}

TEST_F(LogsOperations, EventsOfTheFarFutureAreRejected) {
  succeed("CreateLogGroup", R"({"logGroupName": "g"})");
  succeed("CreateLogStream", R"({"logGroupName": "g", "logStreamName": "s"})");
  const auto answer = run("PutLogEvents", R"({"logGroupName": "g", "logStreamName": "s",
      "logEvents": [{"timestamp": 9223372036854775807, "message": "a"}]})");
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(*answer, HasSubstr(R"("rejectedLogEventsInfo":{"tooNewLogEventStartIndex":0})"));
}

TEST_F(LogsOperations, APageThatFindsNothingGoesOn) {
  succeed("CreateLogGroup", R"({"logGroupName": "g"})");
  for (int i = 0; i < 30; ++i) {
    std::promise<Status> done;
    store_->append("g", "s", {{kNow + i, std::string(250'000, 'x')}},
                   [&](Status status) { done.set_value(std::move(status)); });
    ASSERT_TRUE(done.get_future().get().ok());
  }
  const auto first = run("FilterLogEvents", R"({"logGroupName": "g", "filterPattern": "y"})");
  ASSERT_TRUE(first.ok());
  EXPECT_THAT(*first, HasSubstr("nextToken"));
  const auto document = json::Document::parse(*first);
  const std::string token(document->root()["nextToken"].get_string().value());
  const auto second =
      run("FilterLogEvents",
          R"({"logGroupName": "g", "filterPattern": "y", "nextToken": ")" + token + R"("})");
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(*second, R"({"events":[],"searchedLogStreams":[]})");
}

}  // namespace
}  // namespace millrace::logs
