#include "cli/stream/tail.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "cli/client/answer.h"
#include "cli/stream/fake_streams_testing.h"

namespace millrace::cli::stream {
namespace {

using Kind = Position::Kind;
using Names = std::vector<std::string>;

class KeepNames final : public RecordSink {
 public:
  Status write(std::string_view shard_id, const std::vector<json::Object>& records) override {
    const std::scoped_lock lock(mutex_);
    for (const json::Object record : records) {
      const auto keys = find_object(*find_object(record, "dynamodb"), "Keys");
      names_.push_back(std::string(shard_id) + ":" + text_of(*find_object(*keys, "id"), "S"));
    }
    return Done{};
  }
  bool is_closed() override {
    const std::scoped_lock lock(mutex_);
    return names_.size() >= closes_after_;
  }
  Names names() {
    const std::scoped_lock lock(mutex_);
    return names_;
  }
  Names sorted() {
    Names sorted = names();
    std::ranges::sort(sorted);
    return sorted;
  }
  void close_after(size_t count) { closes_after_ = count; }

 private:
  std::mutex mutex_;
  Names names_;
  size_t closes_after_ = SIZE_MAX;
};

class TailTest : public ::testing::Test {
 protected:
  // a has one child, b, which has two, c and d, that are open.
  void add_family() {
    fake_.add_shard("a", "trimmed", 1);
    fake_.put("a", "1", 100);
    fake_.put("a", "2", 200);
    fake_.close("a");
    fake_.add_shard("b", "a", 3);
    fake_.put("b", "3", 300);
    fake_.close("b");
    fake_.add_shard("c", "b", 4);
    fake_.put("c", "4", 400);
    fake_.add_shard("d", "b", 4);
    fake_.put("d", "5", 500);
    fake_.put("d", "6", 600);
  }
  Status run(const Position& from, bool follows = false) {
    return tail(fake_.connection(), clock_,
                {.stream_arn = fake_.arn(),
                 .from = from,
                 .follows = follows,
                 .wait = std::chrono::milliseconds(0)},
                sink_, warnings_);
  }
  // Waits until the sink has so many records.
  void await_records(size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (sink_.names().size() < count && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  static Position at(const std::string& number) {
    return {.kind = Kind::kAt, .sequence_number = number, .seconds = 0};
  }
  static Position since(int64_t seconds) {
    return {.kind = Kind::kTime, .sequence_number = {}, .seconds = seconds};
  }

  const SystemClock clock_;
  FakeStreams fake_;
  KeepNames sink_;
  Names warned_;
  Warnings warnings_{[this](const std::string& text) { warned_.push_back(text); }};
};

TEST_F(TailTest, ReadsAllThatIsThereParentsFirst) {
  add_family();
  ASSERT_TRUE(run({}).ok());
  const Names names = sink_.names();
  ASSERT_EQ(names.size(), 6U);
  EXPECT_EQ(Names(names.begin(), names.begin() + 3), (Names{"a:1", "a:2", "b:3"}));
  EXPECT_EQ(sink_.sorted(), (Names{"a:1", "a:2", "b:3", "c:4", "d:5", "d:6"}));
  EXPECT_EQ(warned_, Names());
}

TEST_F(TailTest, ReadsPageAfterPage) {
  fake_.add_shard("a", "", 1);
  fake_.put("a", "x", 100, 2500);
  ASSERT_TRUE(run({}).ok());
  EXPECT_EQ(sink_.names().size(), 2500U);
  EXPECT_EQ(fake_.calls("GetRecords"), 3U);
}

TEST_F(TailTest, LatestWithoutFollowingIsNothing) {
  add_family();
  ASSERT_TRUE(run({.kind = Kind::kLatest}).ok());
  EXPECT_EQ(sink_.names(), Names());
}

TEST_F(TailTest, ASequenceNumberBeginsInItsShard) {
  add_family();
  ASSERT_TRUE(run(at("100000000000000000002")).ok());
  EXPECT_EQ(sink_.sorted(), (Names{"a:2", "b:3", "c:4", "d:5", "d:6"}));
}

TEST_F(TailTest, ASequenceNumberOfSeveralShardsBeginsInAllThatHoldIt) {
  add_family();
  ASSERT_TRUE(run(at("100000000000000000004")).ok());
  EXPECT_EQ(sink_.sorted(), (Names{"c:4", "d:5", "d:6"}));
}

TEST_F(TailTest, ASequenceNumberThatOneOfSeveralHoldsLeavesOutTheOthers) {
  add_family();
  ASSERT_TRUE(run(at("100000000000000000005")).ok());
  EXPECT_EQ(sink_.sorted(), (Names{"d:6"}));
}

TEST_F(TailTest, ASequenceNumberThatNoShardHoldsIsRefused) {
  add_family();
  const Status status = run(at("100000000000000000099"));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message,
            "no shard of the stream holds the sequence number 100000000000000000099");
}

TEST_F(TailTest, ATrimmedSequenceNumberIsTheTrimHorizon) {
  add_family();
  ASSERT_TRUE(run(at("100000000000000000000")).ok());
  EXPECT_EQ(sink_.names().size(), 6U);
  EXPECT_EQ(warned_.size(), 1U);
}

TEST_F(TailTest, ATimeLeavesOutWhatWasBefore) {
  add_family();
  ASSERT_TRUE(run(since(300)).ok());
  EXPECT_EQ(sink_.sorted(), (Names{"b:3", "c:4", "d:5", "d:6"}));
}

TEST_F(TailTest, ATimeIsFoundWithoutReadingAll) {
  fake_.add_shard("a", "", 1);
  fake_.put("a", "x", 1, 50'000);
  ASSERT_TRUE(run(since(49'998)).ok());
  EXPECT_EQ(sink_.names().size(), 3U);
  EXPECT_LT(fake_.calls("GetRecords"), 45U);
}

TEST_F(TailTest, ATimeInAClosedShardIsFoundWithoutReadingAll) {
  fake_.add_shard("a", "", 1);
  fake_.put("a", "x", 1, 50'000);
  fake_.trim("a", 100);
  fake_.close("a");
  ASSERT_TRUE(run(since(25'001)).ok());
  EXPECT_EQ(sink_.names().size(), 25'000U);
  EXPECT_LT(fake_.calls("GetRecords"), 45U);
}

TEST_F(TailTest, FollowsNewShardsUntilTheStreamIsDisabled) {
  fake_.add_shard("a", "", 1);
  fake_.put("a", "old", 1);
  std::thread script([&] {
    fake_.await_calls("GetRecords", 1);
    fake_.put("a", "new", 2);
    await_records(1);
    fake_.add_shard("b", "a", 3);
    fake_.add_shard("c", "a", 3);
    fake_.put("b", "in b", 3);
    fake_.put("c", "in c", 3);
    fake_.close("a");
    await_records(3);
    fake_.put("c", "last", 4);
    fake_.disable();
  });
  const Status status = run({.kind = Kind::kLatest}, true);
  script.join();
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(sink_.sorted(), (Names{"a:new", "b:in b", "c:in c", "c:last"}));
}

TEST_F(TailTest, AnExpiredIteratorIsMadeAgain) {
  fake_.add_shard("a", "", 1);
  fake_.put("a", "x", 100, 2500);
  std::thread script([&] {
    await_records(2500);
    fake_.fail("GetRecords", 1, 400, "ExpiredIteratorException");
    fake_.await_calls("GetRecords", 2);
    fake_.put("a", "y", 200);
    fake_.disable();
  });
  const Status status = run({}, true);
  script.join();
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(sink_.names().size(), 2501U);
  EXPECT_EQ(warned_, Names());
}

TEST_F(TailTest, AnExpiredIteratorOfTheLatestLosesNothing) {
  fake_.add_shard("a", "", 1);
  fake_.put("a", "old", 100);
  std::thread script([&] {
    fake_.await_calls("GetRecords", 1);
    fake_.fail("GetRecords", 1, 400, "ExpiredIteratorException");
    fake_.put("a", "new", clock_.now_milliseconds() / 1000 + 1);
    await_records(1);
    fake_.disable();
  });
  const Status status = run({.kind = Kind::kLatest}, true);
  script.join();
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(sink_.names(), (Names{"a:new"}));
}

TEST_F(TailTest, WhatIsTrimmedMeanwhileIsWarnedOf) {
  fake_.add_shard("a", "", 1);
  fake_.put("a", "1", 100, 10);
  fake_.trim("a", 4);
  ASSERT_TRUE(run(at("100000000000000000002")).ok());
  EXPECT_EQ(sink_.names().size(), 6U);
  EXPECT_EQ(warned_,
            (Names{"records of a were trimmed before they were read; going on with the oldest"}));
}

TEST_F(TailTest, FailuresAreWaitedOutWhileItFollows) {
  fake_.add_shard("a", "", 1);
  fake_.put("a", "1", 100);
  fake_.fail("GetRecords", 3, 400, "ThrottlingException");
  fake_.fail("GetShardIterator", 2, 500, "InternalServerError");
  std::thread script([&] {
    await_records(1);
    fake_.fail("DescribeStream", 1, 503, "");
    fake_.disable();
  });
  const Status status = run({}, true);
  script.join();
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(sink_.names(), (Names{"a:1"}));
  EXPECT_EQ(warned_.size(), 3U);
}

TEST_F(TailTest, OtherErrorsEndItThoughOthersWait) {
  fake_.add_shard("a", "", 1);
  fake_.add_shard("b", "", 1);
  std::thread script([&] {
    fake_.await_calls("GetRecords", 2);
    fake_.fail("GetRecords", 1, 400, "AccessDeniedException");
  });
  const Status status = run({}, true);
  script.join();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "GetRecords: AccessDeniedException: told to");
}

TEST_F(TailTest, WithoutFollowingItGivesUp) {
  fake_.add_shard("a", "", 1);
  fake_.fail("GetRecords", 100, 500, "InternalServerError");
  EXPECT_FALSE(run({}).ok());
  EXPECT_EQ(fake_.calls("GetRecords"), 4U);
}

TEST_F(TailTest, AServerThatIsNotThereAtFirstIsAnError) {
  Connection connection = fake_.connection();
  connection.streams.port = 1;
  const Status status =
      tail(connection, clock_, {.stream_arn = fake_.arn(), .from = {}, .follows = true}, sink_,
           warnings_);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "cannot connect to 127.0.0.1:1: Connection refused");
}

TEST_F(TailTest, EndsQuietlyWhenNobodyTakesTheRecords) {
  fake_.add_shard("a", "", 1);
  fake_.put("a", "1", 100);
  sink_.close_after(1);
  EXPECT_TRUE(run({}, true).ok());
}

}  // namespace
}  // namespace millrace::cli::stream
