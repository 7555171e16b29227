#include "cli/bench/scan_workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace millrace::cli::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kItems = R"("Items":[{"payload":{"S":")" + std::string(2'000, 'x') + R"("}}])";

TEST(ScanPages, AreSearchedAtBothEnds) {
  const std::string last_key = R"("LastEvaluatedKey":{"id":{"S":"item-7"}})";
  for (const std::string& page :
       {"{" + kItems + R"(,"Count":12,"ScannedCount":13,)" + last_key + "}",
        R"({"Count":12,"ScannedCount":13,)" + kItems + "," + last_key + "}",
        "{" + last_key + R"(,"Count":12,"ScannedCount":13,)" + kItems + "}"}) {
    EXPECT_EQ(count_items(page), 12u) << page;
    EXPECT_EQ(last_evaluated_id(page), "item-7") << page;
  }
  EXPECT_EQ(last_evaluated_id("{" + kItems + R"(,"Count":12})"), std::nullopt);
  EXPECT_EQ(count_items("{}"), 0u);
}

TEST(ScanExchange, GoesOnToTheEndAndBeginsAgain) {
  BenchOptions options;
  options.table = std::string("table");
  std::atomic<uint64_t> counter = 0;
  const auto deadline = steady_clock::now() + seconds(60);
  ScanExchange exchange(options, deadline, counter);
  Call call;
  const auto next_body = [&] {
    EXPECT_TRUE(exchange.next(steady_clock::now(), call));
    return call.body;
  };
  EXPECT_THAT(next_body(), Not(HasSubstr("ExclusiveStartKey")));
  EXPECT_EQ(call.operation, "Scan");
  const std::string page = R"({"Items":[],"Count":2,"LastEvaluatedKey":{"id":{"S":"b"}}})";
  exchange.answered(call, {.status = 200, .body = page}, milliseconds(1));
  EXPECT_THAT(next_body(), HasSubstr(R"("ExclusiveStartKey":{"id":{"S":"b"}})"));
  exchange.answered(call, {.status = 200, .body = R"({"Items":[],"Count":1})"}, milliseconds(1));
  EXPECT_THAT(next_body(), Not(HasSubstr("ExclusiveStartKey")));
  exchange.answered(call, {.status = 400, .body = page}, milliseconds(1));
  EXPECT_THAT(next_body(), Not(HasSubstr("ExclusiveStartKey")));
  EXPECT_EQ(exchange.tally().records, 3u);
  EXPECT_EQ(exchange.tally().errors(), 1u);
  EXPECT_FALSE(exchange.next(deadline, call));
}

TEST(ScanExchange, MakesAsManyRequestsAsAskedFor) {
  BenchOptions options;
  options.requests = 3;
  std::atomic<uint64_t> counter = 0;
  ScanExchange exchange(options, {}, counter);
  Call call;
  int requests = 0;
  while (exchange.next({}, call)) ++requests;
  EXPECT_EQ(requests, 3);
}

}  // namespace
}  // namespace millrace::cli::bench
