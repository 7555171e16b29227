#include "cli/bench/follow_workload.h"

#include <gtest/gtest.h>

namespace millrace::cli::bench {
namespace {

using std::chrono::milliseconds;

constexpr SteadyTime kBegin{std::chrono::seconds(10)};

BenchOptions example() {
  BenchOptions options;
  options.workload = Workload::kFollow;
  options.writes_per_second = 100;
  options.seconds = 0.05;
  options.items = 3;
  return options;
}

TEST(PacedPuts, AreDueAtTheRateForTheSecondsAskedFor) {
  const BenchOptions options = example();
  FollowProgress progress;
  PacedPuts puts(options, 1, kBegin, progress);
  Call call;
  std::vector<SteadyTime> due;
  while (puts.next(kBegin, call)) {
    due.push_back(puts.not_before());
    EXPECT_EQ(call.operation, "PutItem");
    puts.answered(call, {.status = 200, .body = "{}"}, {});
  }
  ASSERT_EQ(due.size(), 5U);
  EXPECT_EQ(due[0], kBegin);
  EXPECT_EQ(due[1], kBegin + milliseconds(10));
  EXPECT_EQ(due[4], kBegin + milliseconds(40));
  EXPECT_EQ(progress.acknowledged, 5U);
  for (const SteadyTime at : puts.answer_times()) EXPECT_NE(at, SteadyTime{});
}

TEST(PacedPuts, CountsFailuresAsNotAcknowledged) {
  const BenchOptions options = example();
  FollowProgress progress;
  PacedPuts puts(options, 1, kBegin, progress);
  Call call;
  ASSERT_TRUE(puts.next(kBegin, call));
  puts.answered(call, {.failure = "Timeout"}, {});
  EXPECT_EQ(progress.acknowledged, 0U);
  EXPECT_EQ(puts.answer_times()[0], SteadyTime{});
  EXPECT_EQ(puts.tally().error_counts, (std::map<std::string, uint64_t>{{"Timeout", 1}}));
}

// As a server shows the put of `number`, over an item that an earlier put wrote.
std::string record_of(uint64_t number) {
  BenchOptions options = example();
  options.requests = number + 1;
  FollowProgress progress;
  PacedPuts puts(options, 1, kBegin, progress);
  Call call;
  for (uint64_t i = 0; i <= number; ++i) EXPECT_TRUE(puts.next(kBegin, call));
  const size_t item = call.body.find(R"("Item":)");
  return R"({"eventID":"1","dynamodb":{"OldImage":{"payload":{"S":"put-000000000099x"}},"New)" +
         call.body.substr(item).replace(0, 6, R"(Image")");
}

TEST(PutsOfRecords, AreThoseOfTheNewImages) {
  const std::string body =
      R"({"Records":[)" + record_of(3) + "}," + record_of(4) + R"(}],"NextShardIterator":"next"})";
  EXPECT_EQ(puts_of_records(body), (std::vector<uint64_t>{3, 4}));
  EXPECT_TRUE(puts_of_records(R"({"Records":[{"NewImage":{"payload":{"S":"put-12"}}}]})").empty());
}

TEST(ShardFollower, ReadsOnUntilAllThatWasAcknowledgedIsThere) {
  FollowProgress progress;
  std::atomic<uint64_t> arrived = 0;
  ShardFollower follower("first", progress, arrived);
  Call call;
  ASSERT_TRUE(follower.next(kBegin, call));
  EXPECT_EQ(call.operation, "GetRecords");
  EXPECT_EQ(call.body, R"({"ShardIterator":"first"})");
  EXPECT_EQ(call.wait_milliseconds, "500");

  progress.acknowledged = 2;
  const std::string body = R"({"Records":[)" + record_of(1) + R"(}],"NextShardIterator":"second"})";
  follower.answered(call, {.status = 200, .body = body}, {});
  ASSERT_TRUE(follower.next(kBegin, call));
  EXPECT_EQ(call.body, R"({"ShardIterator":"second"})");

  progress.written = true;
  EXPECT_TRUE(follower.next(kBegin, call));
  EXPECT_TRUE(follower.next(kBegin + std::chrono::seconds(4), call));
  EXPECT_FALSE(follower.next(kBegin + std::chrono::seconds(5), call));
  arrived = 2;
  EXPECT_FALSE(follower.next(kBegin, call));
  ASSERT_EQ(follower.arrivals().size(), 1U);
  EXPECT_EQ(follower.arrivals()[0].put, 1U);
}

TEST(ShardFollower, EndsAtAnErrorAndAtTheEndOfTheShard) {
  FollowProgress progress;
  std::atomic<uint64_t> arrived = 0;
  Call call;
  ShardFollower refused("first", progress, arrived);
  ASSERT_TRUE(refused.next(kBegin, call));
  refused.answered(call, {.status = 400, .body = R"({"__type":"a#ExpiredIteratorException"})"}, {});
  EXPECT_FALSE(refused.next(kBegin, call));
  EXPECT_EQ(refused.tally().errors(), 1U);

  ShardFollower closed("first", progress, arrived);
  ASSERT_TRUE(closed.next(kBegin, call));
  closed.answered(call, {.status = 200, .body = R"({"Records":[]})"}, {});
  EXPECT_FALSE(closed.next(kBegin, call));
  EXPECT_EQ(closed.tally().errors(), 0U);
}

TEST(ArrivalTally, MeasuresFromTheAnswerAndMissesNothing) {
  const std::vector<SteadyTime> answers = {kBegin, kBegin, SteadyTime{}, kBegin, kBegin};
  const Tally tally = arrival_tally(answers, {{0, kBegin + milliseconds(3)},
                                              {1, kBegin - milliseconds(1)},
                                              {2, kBegin},
                                              {0, kBegin + milliseconds(1)}});
  EXPECT_EQ(tally.latencies.count(), 3U);
  EXPECT_EQ(tally.latencies.max(), milliseconds(3));
  EXPECT_EQ(tally.latencies.quantile(0.1), milliseconds(0));
  EXPECT_EQ(tally.records, 4U);
  EXPECT_EQ(tally.error_counts,
            (std::map<std::string, uint64_t>{{"DoubledRecord", 1}, {"MissingRecord", 2}}));
}

}  // namespace
}  // namespace millrace::cli::bench
