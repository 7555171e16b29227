#include "cli/bench/bench.h"

#include <map>
#include <mutex>

#include <gmock/gmock.h>

#include "auth/credential.h"
#include "http/server.h"

namespace millrace::cli::bench {
namespace {

using ::testing::HasSubstr;

// Answers as a server would that keeps one item and any number of tables, and the records of puts
// in one shard with one reader.
class FakeDatabase final : public http::Handler {
 public:
  // Answers the operation so, from now on.
  void set_answer(const std::string& operation, int status, std::string body, bool close = false) {
    std::lock_guard lock(mutex_);
    answers_[operation] = {
        .status = status, .headers = {}, .body = std::move(body), .close = close};
  }
  // Does not answer it, from now on.
  void keep_waiting(const std::string& operation) {
    std::lock_guard lock(mutex_);
    unanswered_ = operation;
  }
  int count(const std::string& operation) {
    std::lock_guard lock(mutex_);
    return counts_[operation];
  }
  int unsigned_requests() {
    std::lock_guard lock(mutex_);
    return unsigned_requests_;
  }

  void handle(http::Request request, http::Respond respond) override {
    std::string operation(request.header("X-Amz-Target"));
    operation.erase(0, operation.find('.') + 1);
    Result<std::optional<auth::Credential>> credential = auth::parse_credential(
        {.authorization = request.header("Authorization"), .date = request.header("X-Amz-Date")});
    http::Response response{.status = 200, .headers = {}, .body = "{}"};
    {
      std::lock_guard lock(mutex_);
      ++counts_[operation];
      if (!credential.ok() || !credential->has_value()) ++unsigned_requests_;
      if (auto answer = answers_.find(operation); answer != answers_.end()) {
        response = answer->second;
      }
      if (operation == "PutItem") add_record(request.body);
      if (operation == "GetRecords") response.body = take_records();
      if (operation == unanswered_) {
        waiting_.push_back(std::move(respond));
        return;
      }
    }
    respond(std::move(response));
  }
  http::Response refuse(int status, std::string_view reason) override {
    return {.status = status, .headers = {}, .body = std::string(reason)};
  }

 private:
  void add_record(const std::string& put) {
    if (!records_.empty()) records_ += ",";
    records_ += R"({"dynamodb":{"NewImage":)" + put.substr(put.find("Item\":") + 6) + "}";
  }
  std::string take_records() {
    return R"({"Records":[)" + std::exchange(records_, {}) + R"(],"NextShardIterator":"next"})";
  }

  std::mutex mutex_;
  std::string records_;
  std::map<std::string, http::Response> answers_ = {
      {"DescribeTable",
       {.headers = {}, .body = R"({"Table":{"TableStatus":"ACTIVE","LatestStreamArn":"arn"}})"}},
      {"DescribeStream",
       {.headers = {},
        .body = R"({"StreamDescription":{"Shards":[{"ShardId":"0","SequenceNumberRange":)"
                R"({"StartingSequenceNumber":"1","EndingSequenceNumber":"2"}},{"ShardId":"1",)"
                R"("SequenceNumberRange":{"StartingSequenceNumber":"3"}}]}})"}},
      {"GetShardIterator", {.headers = {}, .body = R"({"ShardIterator":"first"})"}},
      {"GetItem", {.headers = {}, .body = R"({"Item":{"id":{"S":"1"}}})"}}};
  std::map<std::string, int> counts_;
  int unsigned_requests_ = 0;
  std::string unanswered_;
  std::vector<http::Respond> waiting_;
};

class BenchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = http::Server::listen({.port = 0, .threads = 1}, database_);
    ASSERT_TRUE(server.ok());
    server_ = std::move(*server);
    server_->start();
    options_.endpoint = "http://127.0.0.1:" + std::to_string(server_->port());
    options_.connections = 5;
    options_.threads = 2;
    options_.items = 20;
    options_.requests = 100;
    options_.workload = Workload::kGet;
  }
  void TearDown() override { server_->stop(std::chrono::milliseconds(0)); }

  FakeDatabase database_;
  std::unique_ptr<http::Server> server_;
  BenchOptions options_;
};

TEST_F(BenchTest, LoadsAndGetsAndCleansUp) {
  Result<BenchReport> report = run_bench(options_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->tally.latencies.count(), 100U);
  EXPECT_EQ(report->tally.errors(), 0U);
  EXPECT_GT(report->seconds, 0);
  EXPECT_EQ(database_.count("CreateTable"), 1);
  EXPECT_EQ(database_.count("BatchWriteItem"), 1);
  EXPECT_EQ(database_.count("GetItem"), 100);
  EXPECT_EQ(database_.count("DeleteTable"), 1);
  EXPECT_EQ(database_.unsigned_requests(), 0);
}

TEST_F(BenchTest, ScansWhatItLoaded) {
  options_.workload = Workload::kScan;
  database_.set_answer("Scan", 200, R"({"Items":[{},{}],"Count":2})");
  Result<BenchReport> report = run_bench(options_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(database_.count("BatchWriteItem"), 1);
  EXPECT_EQ(database_.count("Scan"), 100);
  EXPECT_EQ(report->tally.records, 200U);
}

TEST_F(BenchTest, GivesUpAnAnswerAfterTheTimeAskedFor) {
  options_.timeout_seconds = 0.1;
  database_.keep_waiting("GetItem");
  Result<BenchReport> report = run_bench(options_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->tally.error_counts,
            (std::map<std::string, uint64_t>{{"Timeout", options_.connections}}));
  EXPECT_LT(report->seconds, 5);
}

TEST_F(BenchTest, PutLoadsNothingAndKeepKeepsTheTable) {
  options_.workload = Workload::kPut;
  options_.keep_table = true;
  ASSERT_TRUE(run_bench(options_).ok());
  EXPECT_EQ(database_.count("PutItem"), 100);
  EXPECT_EQ(database_.count("DeleteTable"), 0);
}

TEST_F(BenchTest, KeepsATableThatWasThere) {
  database_.set_answer("CreateTable", 400, R"({"__type":"a#ResourceInUseException"})");
  ASSERT_TRUE(run_bench(options_).ok());
  EXPECT_EQ(database_.count("DeleteTable"), 0);
}

TEST_F(BenchTest, RunsForTheSecondsAskedFor) {
  options_.requests.reset();
  options_.seconds = 0.2;
  Result<BenchReport> report = run_bench(options_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_GE(report->seconds, 0.2);
  EXPECT_GT(report->tally.latencies.count(), 0U);
}

TEST_F(BenchTest, FollowsTheOpenShardAtTheRateAskedFor) {
  options_.workload = Workload::kFollow;
  options_.threads = 1;
  options_.writes_per_second = 500;
  Result<BenchReport> report = run_bench(options_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->puts, 100U);
  EXPECT_EQ(report->tally.records, 100U);
  EXPECT_EQ(report->tally.latencies.count(), 100U);
  EXPECT_EQ(report->tally.error_counts, (std::map<std::string, uint64_t>{}));
  EXPECT_GE(report->seconds, 0.198);
  EXPECT_EQ(database_.count("PutItem"), 100);
  EXPECT_EQ(database_.count("GetShardIterator"), 1);
}

TEST_F(BenchTest, ReportsFailedRequests) {
  database_.set_answer("GetItem", 200, "{}");
  Result<BenchReport> report = run_bench(options_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->tally.latencies.count(), 0U);
  EXPECT_EQ(report->tally.error_counts, (std::map<std::string, uint64_t>{{"NoItem", 100}}));
}

TEST_F(BenchTest, ReportsConnectionsThatBreak) {
  database_.set_answer("GetItem", 200, R"({"Item":{}})", true);
  Result<BenchReport> report = run_bench(options_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->tally.latencies.count(), options_.connections);
  EXPECT_EQ(report->tally.error_counts,
            (std::map<std::string, uint64_t>{{"ConnectionClosed", options_.connections}}));
}

TEST_F(BenchTest, SaysWhyTheTableOrTheItemsCannotBeWritten) {
  database_.set_answer("BatchWriteItem", 400, R"({"__type":"a#ValidationException"})");
  Result<BenchReport> report = run_bench(options_);
  ASSERT_FALSE(report.ok());
  EXPECT_THAT(report.error().message, HasSubstr("ValidationException"));
  EXPECT_EQ(database_.count("DeleteTable"), 1);

  database_.set_answer("CreateTable", 400, R"({"__type":"a#LimitExceededException"})");
  report = run_bench(options_);
  ASSERT_FALSE(report.ok());
  EXPECT_THAT(report.error().message, HasSubstr("CreateTable failed with LimitExceeded"));
}

TEST_F(BenchTest, RefusesUnusableOptions) {
  auto refused = [&](auto change) {
    BenchOptions options = options_;
    change(options);
    return !run_bench(options).ok();
  };
  EXPECT_TRUE(refused([](BenchOptions& o) { o.endpoint = "http://192.0.2.1:8000"; }));
  EXPECT_TRUE(refused([](BenchOptions& o) { o.threads = 0; }));
  EXPECT_TRUE(refused([](BenchOptions& o) { o.connections = 1; }));
  EXPECT_TRUE(refused([](BenchOptions& o) { o.items = 0; }));
  EXPECT_TRUE(refused([](BenchOptions& o) { o.item_bytes = 31; }));
  EXPECT_TRUE(refused([](BenchOptions& o) { o.item_bytes = 409'601; }));
  EXPECT_TRUE(refused([](BenchOptions& o) { o.seconds = 0; }));
  EXPECT_TRUE(refused([](BenchOptions& o) { o.timeout_seconds = 0; }));
  options_.workload = Workload::kFollow;
  EXPECT_TRUE(refused([](BenchOptions& /*o*/) {}));  // two threads
  options_.threads = 1;
  EXPECT_TRUE(refused([](BenchOptions& o) { o.writes_per_second = 0; }));
  EXPECT_TRUE(refused([](BenchOptions& o) { o.readers = 0; }));
  EXPECT_TRUE(refused([](BenchOptions& o) { o.stream_view_type = "KEYS_ONLY"; }));
  EXPECT_EQ(database_.count("CreateTable"), 0);
}

TEST(Bench, SaysThatNothingListens) {
  BenchOptions options;
  options.endpoint = "http://127.0.0.1:1";
  Result<BenchReport> report = run_bench(options);
  ASSERT_FALSE(report.ok());
  EXPECT_THAT(report.error().message, HasSubstr("connect"));
}

}  // namespace
}  // namespace millrace::cli::bench
