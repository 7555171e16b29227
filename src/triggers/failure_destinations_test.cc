#include "triggers/failure_destinations.h"

#include <filesystem>
#include <fstream>
#include <future>
#include <regex>

#include <gtest/gtest.h>

#include "auth/uri.h"
#include "http/server.h"
#include "json/document.h"
#include "triggers/failure_record.h"

namespace millrace::triggers {
namespace {

namespace fs = std::filesystem;

FailedBatch example_batch() {
  FailedBatch batch;
  batch.mapping_uuid = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef";
  batch.function_arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
  batch.request_id = "316aa6d0-8154-xmpl-9af7-85d5f4a6bc81";
  batch.approximate_invoke_count = 3;
  batch.response = LastResponse{200, "$LATEST", "Unhandled"};
  batch.failed_milliseconds = 1'573'690'429'717;
  batch.stream_arn = "arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/L";
  batch.shard_id = "shardId-00000001573689847184-864758bb";
  batch.start_sequence_number = "800000000003126276362";
  batch.end_sequence_number = "800000000003126276369";
  batch.first_record_milliseconds = 1'573'690'399'000;
  batch.last_record_milliseconds = 1'573'690'400'250;
  batch.batch_size = 8;
  batch.payload = R"({"Records":["ü\n"]})";
  return batch;
}

constexpr std::string_view kRecord =
    R"({"requestContext":{"requestId":"316aa6d0-8154-xmpl-9af7-85d5f4a6bc81",)"
    R"("functionArn":"arn:aws:lambda:us-east-1:000000000000:function:f",)"
    R"("condition":"RetryAttemptsExhausted","approximateInvokeCount":3},)"
    R"("responseContext":{"statusCode":200,"executedVersion":"$LATEST",)"
    R"("functionError":"Unhandled"},"version":"1.0","timestamp":"2019-11-14T00:13:49.717Z",)"
    R"("DDBStreamBatchInfo":{"shardId":"shardId-00000001573689847184-864758bb",)"
    R"("startSequenceNumber":"800000000003126276362","endSequenceNumber":"800000000003126276369",)"
    R"("approximateArrivalOfFirstRecord":"2019-11-14T00:13:19Z",)"
    R"("approximateArrivalOfLastRecord":"2019-11-14T00:13:20.250Z","batchSize":8,)"
    R"("streamArn":"arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/L"}})";

std::string record_with_payload() {
  std::string record(kRecord);
  record.pop_back();
  return record + R"(,"payload":"{\"Records\":[\"ü\\n\"]}"})";
}

// Keeps the requests and answers as it is told, or not at all.
class ScriptedService final : public http::Handler {
 public:
  ScriptedService() {
    server_ = http::Server::listen({.port = 0, .threads = 1}, *this).value();
    server_->start();
  }
  ScriptedService(const ScriptedService&) = delete;
  ScriptedService& operator=(const ScriptedService&) = delete;
  ~ScriptedService() override { server_->stop(std::chrono::milliseconds(0)); }

  void handle(http::Request received, http::Respond respond) override {
    const std::scoped_lock lock(mutex_);
    requests_.push_back(std::move(received));
    if (status == 0) {
      unanswered_.push_back(std::move(respond));
    } else {
      respond({.status = status, .headers = {}, .body = body});
    }
  }
  http::Response refuse(int refused, std::string_view) override {
    return {.status = refused, .headers = {}, .body = {}};
  }
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port());
  }
  std::vector<http::Request> requests() {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }

  int status = 200;
  Bytes body;

 private:
  std::mutex mutex_;
  std::vector<http::Request> requests_;
  std::vector<http::Respond> unanswered_;
  std::unique_ptr<http::Server> server_;
};

class ScriptedInvoker final : public functions::Invoker {
 public:
  void invoke(functions::InvokeRequest request, functions::InvokeDone done) override {
    requests.push_back(std::move(request));
    done(answer);
  }

  std::vector<functions::InvokeRequest> requests;
  Result<functions::InvokeAnswer> answer = functions::InvokeAnswer{};
};

class Destinations : public testing::Test {
 protected:
  Destinations() {
    EXPECT_NE(mkdtemp(directory_.data()), nullptr);
    settings_.buckets_directory = directory_ + "/buckets";
    settings_.sqs_endpoint = service_.url() + "/";
    settings_.sns_endpoint = service_.url();
    settings_.events_endpoint = service_.url();
    settings_.access_key_id = "AKIDEXAMPLE";
    settings_.secret_access_key = "secret";
  }
  ~Destinations() override { fs::remove_all(directory_); }

  Status send(EndpointDestinations& destinations, const std::string& arn) {
    std::promise<Status> done;
    destinations.send(arn, example_batch(), [&](Status status) { done.set_value(status); });
    return done.get_future().get();
  }
  Status send(const std::string& arn) {
    EndpointDestinations destinations(settings_, invoker_, random_);
    return send(destinations, arn);
  }
  // A parameter of the last request's form.
  std::string parameter(const std::string& name) {
    const std::string body = "&" + service_.requests().back().body + "&";
    const size_t begin = body.find("&" + name + "=");
    if (begin == std::string::npos) return "absent";
    const size_t value = begin + name.size() + 2;
    return auth::uri_decode(body.substr(value, body.find('&', value) - value));
  }

  std::string directory_ = "/tmp/millrace-destinations-XXXXXX";
  ScriptedService service_;
  ScriptedInvoker invoker_;
  Random random_{1};
  DestinationSettings settings_;
};

constexpr const char* kQueue = "arn:aws:sqs:eu-west-1:000000000000:failed";
constexpr const char* kTopic = "arn:aws:sns:eu-west-1:000000000000:failed";
constexpr const char* kBus = "arn:aws:events:eu-west-1:000000000000:event-bus/failed";
constexpr const char* kFunction = "arn:aws:lambda:eu-west-1:000000000000:function:failed:live";
constexpr const char* kBucket = "arn:aws:s3:::failed-batches";

TEST(FailureRecord, AsTheServiceWritesIt) {
  FailedBatch batch = example_batch();
  EXPECT_EQ(failure_record(batch, FailurePayload::kWithout), kRecord);
  EXPECT_EQ(failure_record(batch, FailurePayload::kWith), record_with_payload());
  batch.condition = FailureCondition::kRecordAgeExceeded;
  batch.response.reset();
  const std::string record = failure_record(batch, FailurePayload::kWithout);
  EXPECT_NE(record.find(R"("condition":"RecordAgeExceeded")"), std::string::npos);
  EXPECT_EQ(record.find("responseContext"), std::string::npos);
}

TEST_F(Destinations, ABucketIsADirectory) {
  ASSERT_TRUE(send(kBucket).ok());
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory_)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  ASSERT_EQ(files.size(), 1u);
  const std::regex name(
      ".*/buckets/failed-batches/aws/lambda/c6af9ac6-7b61-11e6-9a41-93e8deadbeef/"
      "shardId-00000001573689847184-864758bb/2019/11/14/2019-11-14T00\\.13\\.49-[0-9a-f]{8}-"
      "[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  EXPECT_TRUE(std::regex_match(files[0].string(), name)) << files[0];
  std::ifstream file(files[0]);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), record_with_payload());
  EXPECT_TRUE(service_.requests().empty());
}

TEST_F(Destinations, ABucketOfAService) {
  settings_.s3_endpoint = service_.url();
  ASSERT_TRUE(send(kBucket).ok());
  const auto requests = service_.requests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].method, "PUT");
  EXPECT_TRUE(requests[0].target.starts_with(
      "/failed-batches/aws/lambda/c6af9ac6-7b61-11e6-9a41-93e8deadbeef/"))
      << requests[0].target;
  EXPECT_EQ(requests[0].body, record_with_payload());
  EXPECT_FALSE(fs::exists(settings_.buckets_directory));
}

TEST_F(Destinations, AQueue) {
  ASSERT_TRUE(send(kQueue).ok());
  const http::Request request = service_.requests().back();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/000000000000/failed");
  EXPECT_EQ(parameter("Action"), "SendMessage");
  EXPECT_EQ(parameter("QueueUrl"), service_.url() + "/000000000000/failed");
  EXPECT_EQ(parameter("MessageBody"), kRecord);
  EXPECT_NE(request.header("Authorization").find("/eu-west-1/sqs/aws4_request"), std::string::npos);
}

TEST_F(Destinations, ATopic) {
  ASSERT_TRUE(send(kTopic).ok());
  EXPECT_EQ(service_.requests().back().target, "/");
  EXPECT_EQ(parameter("Action"), "Publish");
  EXPECT_EQ(parameter("TopicArn"), kTopic);
  EXPECT_EQ(parameter("Message"), kRecord);
}

TEST_F(Destinations, AnEventBus) {
  service_.body = R"({"FailedEntryCount":0,"Entries":[{"EventId":"1"}]})";
  ASSERT_TRUE(send(kBus).ok());
  const http::Request request = service_.requests().back();
  EXPECT_EQ(request.header("X-Amz-Target"), "AWSEvents.PutEvents");
  const auto document = json::Document::parse(request.body).value();
  const json::Element entry = document.root()["Entries"].at(0);
  EXPECT_EQ(std::string_view(entry["Detail"]), kRecord);
  EXPECT_EQ(std::string_view(entry["EventBusName"]), kBus);
  EXPECT_EQ(std::string_view(entry["Source"]), "lambda");
  service_.body = R"({"FailedEntryCount":1,"Entries":[{"ErrorCode":"InternalFailure"}]})";
  EXPECT_FALSE(send(kBus).ok());
}

TEST_F(Destinations, AFunction) {
  ASSERT_TRUE(send(kFunction).ok());
  ASSERT_EQ(invoker_.requests.size(), 1u);
  EXPECT_EQ(invoker_.requests[0].function, kFunction);
  EXPECT_EQ(invoker_.requests[0].payload, kRecord);
  functions::InvokeAnswer failed;
  failed.function_error = "Unhandled";
  invoker_.answer = failed;
  EXPECT_FALSE(send(kFunction).ok());
  invoker_.answer = Error{ErrorCode::kTooManyRequestsException, "Rate exceeded"};
  EXPECT_EQ(send(kFunction).error().code, ErrorCode::kTooManyRequestsException);
}

TEST_F(Destinations, WhatHasNoWayIsRefused) {
  const auto refused = [&](const std::string& arn) {
    const EndpointDestinations destinations(settings_, invoker_, random_);
    const auto status = destinations.check(arn);
    if (status) return std::string();
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidParameterValueException);
    return status.error().message;
  };
  for (const char* arn : {kBucket, kQueue, kTopic, kBus, kFunction}) EXPECT_EQ(refused(arn), "");
  for (const char* arn :
       {"", "x", "kafka://topic", "arn:aws:s3:::", "arn:aws:s3:::Upper", "arn:aws:s3:::../x",
        "arn:aws:s3:eu-west-1::bucket", "arn:aws:sqs:eu-west-1::q", "arn:aws:sqs::1:q",
        "arn:aws:sqs:eu-west-1:1:a b", "arn:aws:sqs:eu-west-1:1/..:q", "arn:aws:sqs:eu west:1:q",
        "arn:aws:lambda:eu-west-1::function:f", "arn:aws:sqs:eu-west-1:1:q?x",
        "arn:aws:sns:eu-west-1:1:", "arn:aws:sns:eu-west-1:1:t:subscription",
        "arn:aws:events:eu-west-1:1:rule/x", "arn:aws:lambda:eu-west-1:1:layer:x",
        "arn:aws:kinesis:eu-west-1:1:stream/x"}) {
    EXPECT_NE(refused(arn).find("is not the ARN of a bucket"), std::string::npos) << arn;
  }
  EXPECT_NE(refused("arn:aws:sqs:eu-west-1:1:q.fifo").find("FIFO"), std::string::npos);
  settings_ = {};
  EXPECT_NE(refused(kBucket).find("no S3 endpoint"), std::string::npos);
  EXPECT_NE(refused(kQueue).find("no SQS endpoint"), std::string::npos);
  EXPECT_NE(refused(kTopic).find("no SNS endpoint"), std::string::npos);
  EXPECT_NE(refused(kBus).find("no EventBridge endpoint"), std::string::npos);
  EXPECT_EQ(refused(kFunction), "");
  EXPECT_EQ(send(kQueue).error().code, ErrorCode::kInvalidParameterValueException);
}

TEST_F(Destinations, AServiceThatFailsIsAnError) {
  service_.status = 503;
  for (const char* arn : {kQueue, kTopic, kBus}) {
    const auto status = send(arn);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kServiceException);
  }
  settings_.buckets_directory = "/proc/nothing";
  EXPECT_EQ(send(kBucket).error().code, ErrorCode::kServiceException);
}

TEST_F(Destinations, AServiceThatDoesNotAnswerHoldsUpNoOther) {
  service_.status = 0;
  std::promise<Status> first;
  std::promise<Status> second;
  const auto begin = std::chrono::steady_clock::now();
  {
    EndpointDestinations destinations(settings_, invoker_, random_);
    destinations.send(kQueue, example_batch(), [&](Status status) { first.set_value(status); });
    destinations.send(kQueue, example_batch(), [&](Status status) { second.set_value(status); });
    EXPECT_TRUE(send(destinations, kBucket).ok());
    EXPECT_TRUE(send(destinations, kFunction).ok());
  }
  EXPECT_FALSE(first.get_future().get().ok());
  EXPECT_FALSE(second.get_future().get().ok());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST_F(Destinations, WhatWaitsIsBounded) {
  service_.status = 0;
  settings_.waiting_bytes_max = 4096;
  std::atomic<int> refused = 0;
  std::atomic<int> done = 0;
  {
    EndpointDestinations destinations(settings_, invoker_, random_);
    for (int i = 0; i < 100; ++i) {
      destinations.send(kQueue, example_batch(), [&](const Status& status) {
        ++done;
        if (status.error().message.find("too much waits") != std::string::npos) ++refused;
      });
    }
  }
  EXPECT_EQ(done, 100);
  EXPECT_GE(refused, 95);
  EXPECT_LE(refused, 96);
}

}  // namespace
}  // namespace millrace::triggers
