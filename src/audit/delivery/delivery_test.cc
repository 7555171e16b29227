#include "audit/delivery/delivery.h"

#include <future>

#include <gmock/gmock.h>

#include "audit/delivery/delivery_testing.h"

namespace millrace::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kGroupArn = "arn:aws:logs:us-east-1:000000000000:log-group:trail:*";
constexpr std::string_view kStream = "000000000000_CloudTrail_us-east-1";

class LogGroupTest : public DeliveryTest {
 protected:
  void make_group() {
    std::promise<Status> made;
    logs_->append("trail", "other", {{1, "one"}},
                  [&](Status status) { made.set_value(std::move(status)); });
    ASSERT_TRUE(made.get_future().get().ok());
  }
  void begin() {
    trail_ = make_trail(1, "one");
    trail_.log_group_arn = kGroupArn;
    put(trail_);
    run_groups();
  }
  void run_groups() {
    ASSERT_TRUE(spool_->flush().ok());
    for (int rounds = 0; groups_->round(); ++rounds) ASSERT_LT(rounds, 1'000);
  }
  // IDs of the events in the stream.
  std::vector<std::string> delivered() {
    std::vector<std::string> ids;
    const auto group = logs_->groups().find("trail");
    const auto stream =
        group ? logs_->find_stream(*group, std::string(kStream)).value() : std::nullopt;
    if (!stream) return ids;
    const auto visit = [&](const logs::StoredEvent& event) {
      const std::string message(event.message);
      const size_t id = message.find("00000000-0000-4000-8000-");
      ids.push_back(message.substr(id, 36));
      return true;
    };
    EXPECT_TRUE(
        logs_->visit_stream_events(*group, stream->number, {}, engine::Direction::kForward, visit)
            .ok());
    return ids;
  }

  Trail trail_;
};

TEST_F(LogGroupTest, GetsEachEventOnce) {
  make_group();
  begin();
  const std::string first = record({1});
  record({2});
  run_groups();
  EXPECT_THAT(delivered(), ElementsAre(first));
  EXPECT_EQ(status(1).latest_log_group_delivery_milliseconds, clock_.now_milliseconds());
  restart();
  const std::string second = record({1});
  run_groups();
  EXPECT_THAT(delivered(), ElementsAre(first, second));
}

TEST_F(LogGroupTest, TakesBatches) {
  make_group();
  begin();
  for (int i = 0; i < 2'500; ++i) record({1});
  run_groups();
  EXPECT_THAT(delivered(), SizeIs(2'500));
}

TEST_F(LogGroupTest, IsLeftOutWhileItIsNotThere) {
  begin();
  record({1});
  run_groups();
  EXPECT_EQ(status(1).latest_log_group_delivery_error, "ResourceNotFoundException");
  EXPECT_EQ(logs_->groups().find("trail"), nullptr);
  make_group();
  pass_seconds(1);
  const std::string later = record({1});
  run_groups();
  EXPECT_THAT(delivered(), ElementsAre(later));
  EXPECT_EQ(status(1).latest_log_group_delivery_error, "");
}

TEST_F(LogGroupTest, ATrailWithoutOneKeepsNothing) {
  make_group();
  begin();
  record({1});
  run_groups();
  EXPECT_THAT(kept_keys(), ElementsAre("k/group/1"));
  trail_.log_group_arn.clear();
  put(trail_);
  record({1});
  run_groups();
  EXPECT_THAT(kept_keys(), IsEmpty());
  EXPECT_THAT(delivered(), SizeIs(1));
}

class DeliveryThreadsTest : public LogGroupTest {
 protected:
  void open() { delivery_ = Delivery::open(*environment_).value(); }
  Status check(const std::string& bucket, const std::string& key_prefix = "") {
    std::promise<Status> checked;
    delivery_->check_bucket(bucket, key_prefix,
                            [&](Status status) { checked.set_value(std::move(status)); });
    return checked.get_future().get();
  }
  ErrorCode check_error(const std::string& bucket) { return check(bucket).error().code; }

  std::unique_ptr<Delivery> delivery_;
};

TEST_F(DeliveryThreadsTest, ChecksBuckets) {
  open();
  delivery_->start();
  EXPECT_TRUE(check("some-bucket", "a/prefix").ok());
  EXPECT_TRUE(std::filesystem::is_directory(bucket_directory("some-bucket")));
  block_bucket("blocked");
  EXPECT_EQ(check("blocked").error(),
            (Error{ErrorCode::kInsufficientS3BucketPolicyException,
                   "Incorrect S3 bucket policy is detected for bucket: blocked"}));
  EXPECT_EQ(check_error("../x"), ErrorCode::kInvalidS3BucketNameException);
  delivery_->stop();
  EXPECT_EQ(check_error("some-bucket"), ErrorCode::kServiceUnavailableException);
}

TEST_F(DeliveryThreadsTest, ChecksLogGroups) {
  open();
  const auto is_there = [&](const std::string& arn) {
    return delivery_->check_log_group(arn).ok();
  };
  EXPECT_FALSE(is_there(std::string(kGroupArn)));
  make_group();
  EXPECT_TRUE(is_there(std::string(kGroupArn)));
  EXPECT_TRUE(is_there("arn:aws:logs:us-east-1:000000000000:log-group:trail"));
  EXPECT_FALSE(is_there("arn:aws:logs:eu-west-1:000000000000:log-group:trail"));
  EXPECT_EQ(delivery_->check_log_group("trail").error().code,
            ErrorCode::kInvalidCloudWatchLogsLogGroupArnException);
}

TEST_F(DeliveryThreadsTest, Delivers) {
  make_group();
  open();
  trails_->set_listener([&] { delivery_->trails_changed(); });
  delivery_->start();
  trail_ = make_trail(1, "one");
  trail_.log_group_arn = kGroupArn;
  put(trail_);
  record({1});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (delivery_->counters().log_files == 0 || delivery_->counters().log_group_events == 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    pass_seconds(300);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  delivery_->stop();
  EXPECT_THAT(log_files("bucket-of-one"), SizeIs(1));
  EXPECT_THAT(delivered(), SizeIs(1));
}

TEST(DeliveryErrorCodeTest, IsThatOfTheServiceWhereItSaysOne) {
  const auto code = [](const char* message) {
    return delivery_error_code({ErrorCode::kServiceException, message});
  };
  EXPECT_EQ(code("PUT http://a/b: status 404: <?xml version=\"1.0\"?><Error>"
                 "<Code>NoSuchBucket</Code><Message/></Error>"),
            "NoSuchBucket");
  EXPECT_EQ(code("PUT http://a/b: status 403: "), "AccessDenied");
  EXPECT_EQ(code("PUT http://a/b: status 400: <Code><b>"), "ServiceUnavailable");
  EXPECT_EQ(code("PUT http://a/b: Timeout was reached"), "RequestTimeout");
  EXPECT_EQ(code("PUT http://a/b: Couldn't connect to server"), "ServiceUnavailable");
  EXPECT_EQ(delivery_error_code(internal_error("x")), "InternalError");
}

}  // namespace
}  // namespace millrace::audit
