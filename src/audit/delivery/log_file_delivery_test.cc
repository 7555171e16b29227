#include <filesystem>

#include <gmock/gmock.h>

#include "audit/delivery/delivery_testing.h"

namespace millrace::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class LogFileDeliveryTest : public DeliveryTest {
 protected:
  // Of one trail, with what there is to do first done.
  void begin() {
    trail_ = make_trail(1, "one");
    put(trail_);
    run();
  }
  Objects files() const { return log_files("bucket-of-one"); }

  Trail trail_;
};

TEST_F(LogFileDeliveryTest, DeliversAfterEachInterval) {
  begin();
  const std::string first = record({1});
  record({2});
  const std::string second = record({2, 1});
  run_after_seconds(299);
  EXPECT_THAT(files(), IsEmpty());
  EXPECT_FALSE(status(1).latest_delivery_milliseconds);

  run_after_seconds(1);
  ASSERT_THAT(files(), SizeIs(1));
  EXPECT_THAT(event_ids(files().begin()->second), ElementsAre(first, second));
  EXPECT_EQ(status(1).latest_delivery_milliseconds, clock_.now_milliseconds());
  EXPECT_EQ(status(1).latest_delivery_attempt_milliseconds, clock_.now_milliseconds());

  // Nothing has come: nothing is delivered.
  run_after_seconds(300);
  EXPECT_THAT(files(), SizeIs(1));
  record({1});
  run_after_seconds(300);
  EXPECT_THAT(event_ids_of_all(files()), SizeIs(3));
  EXPECT_THAT(files(), SizeIs(2));
}

TEST_F(LogFileDeliveryTest, DeliversFullFilesAtOnce) {
  settings_.file_bytes_max = 20'000;
  restart();
  begin();
  for (int i = 0; i < 500; ++i) record({1});
  ASSERT_TRUE(spool_->flush().ok());
  run();
  const Objects full = files();
  EXPECT_GT(full.size(), 2U);
  for (const auto& [key, content] : full) EXPECT_LE(gunzip(content).size(), 20'000U);
  run_after_seconds(300);
  EXPECT_THAT(files(), SizeIs(full.size() + 1));
  EXPECT_THAT(event_ids_of_all(files()), SizeIs(500));
}

TEST_F(LogFileDeliveryTest, AnEventLargerThanAFileHasOneOfItsOwn) {
  settings_.file_bytes_max = 10;
  restart();
  begin();
  record({1});
  record({1});
  run_after_seconds(300);
  EXPECT_THAT(files(), SizeIs(1));
  run_after_seconds(300);
  EXPECT_THAT(files(), SizeIs(2));
  EXPECT_THAT(event_ids_of_all(files()), SizeIs(2));
}

TEST_F(LogFileDeliveryTest, DeliversBeforeTheSpoolIsFull) {
  settings_.spool_bytes_max = 40'000;
  restart();
  begin();
  for (int i = 0; i < 300; ++i) record({1});
  ASSERT_TRUE(spool_->flush().ok());
  run();
  EXPECT_THAT(event_ids_of_all(files()), SizeIs(300));
}

TEST_F(LogFileDeliveryTest, ANewTrailMissesNothing) {
  // Events that come before anybody here has noticed the trail.
  run();
  put(make_trail(1, "one"));
  record({1});
  restart();
  record({1});
  run();
  run_after_seconds(300);
  EXPECT_THAT(event_ids_of_all(files()), SizeIs(2));
}

TEST_F(LogFileDeliveryTest, ARefusingBucketIsToldOfAndTriedAgain) {
  begin();
  const Trail other = make_trail(2, "two");
  put(other);
  run();
  block_bucket("bucket-of-one");
  record({1, 2});
  run_after_seconds(300);
  EXPECT_THAT(log_files("bucket-of-two"), SizeIs(1));
  EXPECT_EQ(status(1).latest_delivery_error, "ServiceUnavailable");
  EXPECT_EQ(status(1).latest_delivery_attempt_milliseconds, clock_.now_milliseconds());
  EXPECT_FALSE(status(1).latest_delivery_milliseconds);
  EXPECT_EQ(status(2).latest_delivery_error, "");
  EXPECT_EQ(counters_.bucket_failures, 1U);
  run();
  EXPECT_EQ(counters_.bucket_failures, 1U);
  for (int i = 0; i < 3'600; ++i) run_after_seconds(1);
  // 1, 2, 4 … 256 seconds, then every five minutes, with up to half of it less.
  EXPECT_GE(counters_.bucket_failures, 20U);
  EXPECT_LE(counters_.bucket_failures, 36U);

  restart();
  EXPECT_EQ(status(1).latest_delivery_error, "ServiceUnavailable");
  free_bucket("bucket-of-one");
  run();
  EXPECT_THAT(files(), SizeIs(1));
  EXPECT_EQ(status(1).latest_delivery_error, "");
}

TEST_F(LogFileDeliveryTest, FollowsTheTrailToAnotherBucket) {
  begin();
  block_bucket("bucket-of-one");
  record({1});
  run_after_seconds(300);
  trail_.bucket = "elsewhere";
  put(trail_);
  run();
  EXPECT_THAT(log_files("elsewhere"), SizeIs(1));
}

TEST_F(LogFileDeliveryTest, ADeletedTrailLeavesNothing) {
  trail_ = make_trail(1, "one");
  trail_.log_file_validation = true;
  put(trail_);
  put(make_trail(12, "twelve"));
  run();
  record({1, 12});
  run_after_seconds(300);
  EXPECT_THAT(kept_keys(), SizeIs(3));
  record({1});
  remove("one");
  run_after_seconds(300);
  EXPECT_THAT(kept_keys(), ElementsAre("k/files/12"));
  EXPECT_THAT(files(), SizeIs(1));
  EXPECT_FALSE(status(1).latest_delivery_milliseconds);
  // Nor does it come back.
  restart();
  run();
  EXPECT_THAT(kept_keys(), ElementsAre("k/files/12"));
}

TEST_F(LogFileDeliveryTest, WhatWasRecordedBeforeTheTrailStoppedIsDelivered) {
  begin();
  record({1});
  trail_.logging = false;
  put(trail_);
  run_after_seconds(300);
  EXPECT_THAT(files(), SizeIs(1));
}

TEST_F(LogFileDeliveryTest, AClockThatStepsBackDelaysByAnIntervalAtMost) {
  begin();
  record({1});
  run_after_seconds(300);
  record({1});
  pass_seconds(-1'000'000);
  run();
  run_after_seconds(300);
  EXPECT_THAT(files(), SizeIs(2));
}

// Whatever was done when the server ended: each event is in one object, and no object changes.
TEST_F(LogFileDeliveryTest, ACrashBetweenAnyTwoStepsLosesAndRepeatsNothing) {
  settings_.file_bytes_max = 20'000;
  restart();
  trail_ = make_trail(1, "one");
  trail_.log_file_validation = true;
  put(trail_);
  std::set<std::string> recorded;
  Objects seen;
  for (int steps_before_crash = 0; steps_before_crash < 40; ++steps_before_crash) {
    for (int i = 0; i < 30; ++i) recorded.insert(record({1}));
    ASSERT_TRUE(spool_->flush().ok());
    pass_seconds(1'200);
    for (int step = 0; step < steps_before_crash % 13; ++step) {
      round();
      Objects now = files();
      now.merge(digests("bucket-of-one"));
      for (const auto& [key, content] : seen) ASSERT_EQ(now[key], content) << key;
      seen = std::move(now);
    }
    restart();
  }
  run_after_seconds(3'600);
  EXPECT_EQ(event_ids_of_all(files()), recorded);
  run_after_seconds(3'600);
  // And each file is in one digest.
  std::set<std::string> digested;
  for (const auto& [key, content] : digests("bucket-of-one")) {
    const auto digest = parse_digest(gunzip(content)).value();
    for (const auto& log_file : digest.log_files) {
      EXPECT_TRUE(digested.insert(log_file.object).second);
      EXPECT_EQ(log_file.hash_value, hash_value(gunzip(files()[log_file.object])));
    }
  }
  EXPECT_EQ(digested.size(), files().size());
}

TEST_F(LogFileDeliveryTest, WhatChangedMeanwhileGetsAnotherName) {
  begin();
  record({1});
  pass_seconds(300);
  ASSERT_TRUE(round());  // planned
  ASSERT_TRUE(round());  // uploaded
  const Objects before = files();
  ASSERT_THAT(before, SizeIs(1));
  site_.account_id = "111111111111";  // is in every event
  restart();
  run();
  const Objects after = files();
  ASSERT_THAT(after, SizeIs(2));
  EXPECT_EQ(after.at(before.begin()->first), before.begin()->second);
}

TEST_F(LogFileDeliveryTest, AStopIsNoFailure) {
  begin();
  block_bucket("bucket-of-one");
  record({1});
  pass_seconds(300);
  round();
  stopped_ = true;
  EXPECT_FALSE(round());
  EXPECT_EQ(status(1).latest_delivery_error, "");
}

}  // namespace
}  // namespace millrace::audit
