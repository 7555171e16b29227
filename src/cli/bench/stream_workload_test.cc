#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/bench/records_workload.h"
#include "cli/bench/stream_calls.h"
#include "cli/bench/tail_workload.h"

namespace millrace::cli::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// As GetRecords answers; without an iterator when that is empty.
std::string page_of(const std::vector<uint64_t>& keys, const std::string& iterator) {
  std::string page = R"({"Records":[)";
  for (const uint64_t key : keys) {
    if (key != keys.front()) page += ",";
    page += R"({"eventID":"00","dynamodb":{"Keys":{"id":{"S":"item-)" + std::to_string(key) +
            R"("}},"NewImage":{"id":{"S":"item-7777"}}}})";
  }
  page += "]";
  if (!iterator.empty()) page += R"(,"NextShardIterator":")" + iterator + R"(")";
  return page + "}";
}

Answer ok(const std::string& body) {
  return {.status = 200, .body = body};
}

TEST(StreamCalls, PagesAreSearched) {
  const std::string page = page_of({3, 1, 42}, "next|1|==");
  EXPECT_EQ(count_records(page), 3u);
  std::vector<uint64_t> keys;
  visit_records(page, [&](uint64_t key) { keys.push_back(key); });
  EXPECT_THAT(keys, ElementsAre(3, 1, 42));
  EXPECT_EQ(next_iterator(page), "next|1|==");
  EXPECT_EQ(count_records(page_of({}, "x")), 0u);
  EXPECT_EQ(next_iterator(page_of({1}, "")), std::nullopt);
}

TEST(RecordsExchange, ReadsToTheEndAndBeginsAgain) {
  const BenchOptions options;
  std::atomic<uint64_t> counter = 0;
  const auto deadline = steady_clock::now() + seconds(60);
  RecordsExchange exchange(options, "start", deadline, counter);
  Call call;
  const auto next_body = [&] {
    EXPECT_TRUE(exchange.next(steady_clock::now(), call));
    return call.body;
  };
  EXPECT_THAT(next_body(), HasSubstr("\"start\""));
  EXPECT_EQ(call.operation, "GetRecords");
  EXPECT_EQ(call.target_prefix, kStreamsPrefix);
  exchange.answered(call, ok(page_of({1, 2}, "second")), milliseconds(1));
  EXPECT_THAT(next_body(), HasSubstr("\"second\""));
  exchange.answered(call, ok(page_of({}, "third")), milliseconds(1));
  EXPECT_THAT(next_body(), HasSubstr("\"start\""));
  exchange.answered(call, ok(page_of({3}, "")), milliseconds(1));
  EXPECT_THAT(next_body(), HasSubstr("\"start\""));
  EXPECT_EQ(exchange.tally().records, 3u);
  EXPECT_FALSE(exchange.next(deadline, call));
}

class TailExchangeTest : public ::testing::Test {
 protected:
  TailExchangeTest() { options_.writes_per_second = 10; }

  void write() {
    Call call;
    ASSERT_TRUE(exchange_.next(begin_, call));
    ASSERT_EQ(call.operation, "UpdateItem");
    writes_.push_back(call);
  }
  void acknowledge(size_t write) { exchange_.answered(writes_[write], ok("{}"), milliseconds(1)); }
  void begin_read() {
    ASSERT_TRUE(exchange_.next(begin_, read_));
    ASSERT_EQ(read_.operation, "GetRecords");
  }
  void end_read(const std::vector<uint64_t>& keys, const std::string& iterator) {
    exchange_.answered(read_, ok(page_of(keys, iterator)), milliseconds(1));
  }

  BenchOptions options_;
  const SteadyTime begin_ = steady_clock::now();
  const SteadyTime deadline_ = begin_ + seconds(60);
  TailExchange exchange_{options_, 1, "start", begin_, deadline_};
  std::vector<Call> writes_;
  Call read_;
};

TEST_F(TailExchangeTest, OneConnectionReadsTheOthersWriteAtTheRate) {
  begin_read();
  EXPECT_THAT(read_.body, HasSubstr("\"start\""));
  EXPECT_FALSE(read_.wait_milliseconds.empty());
  for (int i = 0; i < 3; ++i) {
    write();
    EXPECT_EQ(exchange_.not_before(), begin_ + milliseconds(100) * i);
    EXPECT_TRUE(writes_.back().wait_milliseconds.empty());
    EXPECT_EQ(writes_.back().target_prefix, kDynamoDbPrefix);
  }
  end_read({}, "second");
  begin_read();
  EXPECT_THAT(read_.body, HasSubstr("\"second\""));
}

TEST_F(TailExchangeTest, MeasuresFromTheAcknowledgementToTheRecord) {
  begin_read();
  write();
  write();
  acknowledge(0);
  std::this_thread::sleep_for(milliseconds(20));
  end_read({0, 1}, "second");
  EXPECT_EQ(exchange_.tally().latencies.count(), 1u);
  EXPECT_GE(exchange_.tally().latencies.max(), milliseconds(20));
  acknowledge(1);  // its record came first
  EXPECT_EQ(exchange_.tally().latencies.count(), 2u);
  EXPECT_EQ(exchange_.tally().latencies.quantile(0.01), std::chrono::nanoseconds(0));
  EXPECT_EQ(exchange_.tally().records, 2u);
}

TEST_F(TailExchangeTest, TheReaderStaysUntilItHasSeenAllOrGivesUp) {
  begin_read();
  write();
  acknowledge(0);
  Call call;
  EXPECT_FALSE(exchange_.next(deadline_, call));  // writers are done
  end_read({}, "second");
  EXPECT_TRUE(exchange_.next(deadline_, read_));
  end_read({}, "third");
  EXPECT_FALSE(exchange_.next(deadline_ + seconds(6), call));
  EXPECT_EQ(exchange_.tally().errors(), 1u);
}

}  // namespace
}  // namespace millrace::cli::bench
