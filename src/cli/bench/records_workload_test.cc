#include "cli/bench/records_workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/bench/stream_calls.h"

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

}  // namespace
}  // namespace millrace::cli::bench
