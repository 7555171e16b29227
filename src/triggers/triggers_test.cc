#include "triggers/triggers.h"

#include <algorithm>

#include <fmt/format.h>

#include "ops/update_table.h"
#include "triggers/simulation_testing.h"

namespace millrace::triggers {
namespace {

using std::chrono::milliseconds;

constexpr const char* kUuid = "00000000-0000-0000-0000-000000000003";

// A function that notes the numbers of the records it gets, batch by batch.
class TriggersTest : public ::testing::Test {
 protected:
  TriggersTest() {
    mapping_.uuid = kUuid;
    simulation_.function = [this](const functions::InvokeRequest& request) {
      batches_.push_back(numbers_in(request.payload));
      payload_bytes_.push_back(request.payload.size());
      return SimulatedFunction::Answer{answer_};
    };
    simulation_.destination = [this](const FailedBatch& batch) {
      discarded_.push_back(batch);
      return Done{};
    };
  }

  static std::vector<int64_t> numbers_in(ByteView payload) {
    const auto document = json::Document::parse(payload);
    std::vector<int64_t> numbers;
    for (const json::Element record : document->root()["Records"].get_array()) {
      const std::string_view text = record["dynamodb"]["NewImage"]["number"]["N"];
      numbers.push_back(std::stoll(std::string(text)));
    }
    return numbers;
  }
  void put(int64_t number) { simulation_.put(fmt::format("key-{}", number), number, "red"); }
  void put(int64_t first, int64_t last) {
    for (int64_t number = first; number <= last; ++number) put(number);
  }
  void set_stream(bool enabled) {
    simulation_.call(ops::update_table,
                     enabled ? R"({"TableName": "table", "StreamSpecification": {"StreamEnabled":
                                   true, "StreamViewType": "NEW_IMAGE"}})"
                             : R"({"TableName": "table", "StreamSpecification": {"StreamEnabled":
                                   false}})");
  }
  std::vector<int64_t> all_numbers() const {
    std::vector<int64_t> all;
    for (const auto& batch : batches_) all.insert(all.end(), batch.begin(), batch.end());
    return all;
  }
  void pass(int64_t count) { simulation_.advance(milliseconds(count)); }

  Simulation simulation_;
  Mapping mapping_;
  functions::InvokeAnswer answer_ = succeeded();
  std::vector<std::vector<int64_t>> batches_;
  std::vector<size_t> payload_bytes_;
  std::vector<FailedBatch> discarded_;
};

using Numbers = std::vector<int64_t>;
using Batches = std::vector<Numbers>;

TEST_F(TriggersTest, BecomesEnabledAndTakesWhatIsThere) {
  put(1, 3);
  mapping_.batch_size = 2;
  simulation_.create(mapping_);
  EXPECT_EQ(simulation_.find(kUuid)->state, MappingState::kCreating);
  EXPECT_EQ(simulation_.triggers().last_processing_result(kUuid), std::nullopt);
  pass(100);
  EXPECT_EQ(simulation_.find(kUuid)->state, MappingState::kEnabled);
  EXPECT_EQ(batches_, (Batches{{1, 2}, {3}}));
  EXPECT_EQ(simulation_.triggers().last_processing_result(kUuid), "OK");
  EXPECT_EQ(simulation_.statistics(kUuid).counts.records, 3);
}

TEST_F(TriggersTest, LatestBeginsWhenTheMappingIsEnabled) {
  put(1);
  mapping_.starting_position = StartingPosition::kLatest;
  simulation_.create(mapping_);
  simulation_.run();
  ASSERT_EQ(simulation_.find(kUuid)->state, MappingState::kEnabled);
  simulation_.crash();
  put(2);
  pass(100);
  EXPECT_EQ(all_numbers(), (Numbers{2}));
}

TEST_F(TriggersTest, LatestLosesNothingInTheChildrenOfAShard) {
  mapping_.starting_position = StartingPosition::kLatest;
  simulation_.create(mapping_);
  simulation_.run();
  simulation_.crash();
  put(1, 10);
  simulation_.split();
  put(11, 20);
  pass(100);
  auto seen = all_numbers();
  std::ranges::sort(seen);
  Numbers expected(20);
  for (size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<int64_t>(i) + 1;
  EXPECT_EQ(seen, expected);
}

TEST_F(TriggersTest, WaitsForABatchUntilItsWindowEndsOrItIsFull) {
  mapping_.batch_size = 3;
  mapping_.maximum_batching_window_seconds = 5;
  simulation_.create(mapping_);
  pass(10);
  put(1);
  pass(4000);
  put(2);
  EXPECT_TRUE(batches_.empty());
  pass(1100);
  EXPECT_EQ(batches_, (Batches{{1, 2}}));
  put(3, 6);
  pass(10);
  EXPECT_EQ(batches_, (Batches{{1, 2}, {3, 4, 5}}));
}

TEST_F(TriggersTest, ABatchIsNeverLargerThanAnEventMayBe) {
  const std::string color(300'000, 'x');
  for (int64_t number = 1; number <= 60; ++number) {
    simulation_.put(fmt::format("key-{}", number), number, color);
  }
  mapping_.batch_size = 100;
  simulation_.create(mapping_);
  pass(100);
  EXPECT_EQ(all_numbers().size(), 60U);
  EXPECT_LT(batches_.size(), 6U);
  for (const size_t bytes : payload_bytes_) EXPECT_LE(bytes, kEventBytesMax);
}

TEST_F(TriggersTest, DisablingKeepsThePosition) {
  mapping_.starting_position = StartingPosition::kLatest;
  simulation_.create(mapping_);
  pass(10);
  put(1);
  pass(10);
  simulation_.change(kUuid, [](Mapping& mapping) {
    mapping.enabled = false;
    mapping.state = MappingState::kDisabling;
  });
  simulation_.run();
  EXPECT_EQ(simulation_.find(kUuid)->state, MappingState::kDisabled);
  put(2);
  pass(5000);
  EXPECT_EQ(all_numbers(), (Numbers{1}));
  simulation_.crash();
  simulation_.change(kUuid, [](Mapping& mapping) {
    mapping.enabled = true;
    mapping.state = MappingState::kEnabling;
  });
  pass(10);
  EXPECT_EQ(simulation_.find(kUuid)->state, MappingState::kEnabled);
  EXPECT_EQ(all_numbers(), (Numbers{1, 2}));
}

TEST_F(TriggersTest, DeletingEndsItAndLeavesNothing) {
  simulation_.create(mapping_);
  put(1);
  pass(10);
  simulation_.change(kUuid, [](Mapping& mapping) { mapping.state = MappingState::kDeleting; });
  pass(10);
  EXPECT_EQ(simulation_.find(kUuid), nullptr);
  put(2);
  pass(1000);
  EXPECT_EQ(all_numbers(), (Numbers{1}));
  const auto left = load_checkpoint(simulation_.database().engine, kUuid);
  EXPECT_TRUE(left->stream_label.empty());
  EXPECT_TRUE(left->shards.empty());
}

TEST_F(TriggersTest, TooLargeForTheFunctionIsHalved) {
  simulation_.function = [this](const functions::InvokeRequest& request) {
    batches_.push_back(numbers_in(request.payload));
    if (batches_.back().size() > 2) {
      return SimulatedFunction::Answer{Error{ErrorCode::kRequestTooLargeException, ""}};
    }
    return SimulatedFunction::Answer{succeeded()};
  };
  put(1, 4);
  simulation_.create(mapping_);
  pass(1000);
  EXPECT_EQ(batches_, (Batches{{1, 2, 3, 4}, {1, 2}, {3, 4}}));
}

TEST_F(TriggersTest, ShowsWhyItCannotGoOn) {
  simulation_.function = [](const auto&) {
    return SimulatedFunction::Answer{Error{ErrorCode::kResourceNotFoundException, ""}};
  };
  put(1);
  mapping_.maximum_retry_attempts = 0;
  mapping_.on_failure_destination = "destination";
  simulation_.create(mapping_);
  pass(10'000);
  EXPECT_EQ(simulation_.triggers().last_processing_result(kUuid), "PROBLEM: Function not found");
  EXPECT_TRUE(discarded_.empty()) << "nothing is known of the records";
  EXPECT_EQ(simulation_.statistics(kUuid).lag.records_behind, 1);
  EXPECT_EQ(simulation_.statistics(kUuid).lag.oldest_record_age_milliseconds, 10'000);
}

TEST_F(TriggersTest, GivesUpAfterTheAttemptsWithAllThatIsKnown) {
  answer_ = unhandled();
  answer_.request_id = "the-request";
  put(1, 2);
  mapping_.maximum_retry_attempts = 2;
  mapping_.on_failure_destination = "destination";
  simulation_.create(mapping_);
  pass(10'000);
  EXPECT_EQ(batches_, (Batches{{1, 2}, {1, 2}, {1, 2}}));
  ASSERT_EQ(discarded_.size(), 1U);
  const FailedBatch& failed = discarded_.front();
  EXPECT_EQ(failed.condition, FailureCondition::kRetryAttemptsExhausted);
  EXPECT_EQ(failed.approximate_invoke_count, 3);
  EXPECT_EQ(failed.request_id, "the-request");
  EXPECT_EQ(failed.response->function_error, "Unhandled");
  EXPECT_EQ(failed.batch_size, 2);
  EXPECT_LT(failed.start_sequence_number, failed.end_sequence_number);
  EXPECT_EQ(numbers_in(failed.payload), (Numbers{1, 2}));
  EXPECT_EQ(simulation_.statistics(kUuid).counts.discarded_records, 2);
}

TEST_F(TriggersTest, ReplaysFromATime) {
  simulation_.create(mapping_);
  put(1, 2);
  pass(5000);
  const int64_t moment = simulation_.clock().now_milliseconds();
  put(3, 4);
  pass(5000);
  bool is_done = false;
  simulation_.triggers().replay(kUuid, {ReplayFrom::Position::kAtTimestamp, moment},
                                [&](const Status& status) { is_done = status.ok(); });
  pass(100);
  EXPECT_TRUE(is_done);
  EXPECT_EQ(all_numbers(), (Numbers{1, 2, 3, 4, 3, 4}));
  EXPECT_EQ(simulation_.find(kUuid)->state, MappingState::kEnabled);
}

TEST_F(TriggersTest, FollowsItsTableToTheNextStream) {
  mapping_.starting_position = StartingPosition::kLatest;
  mapping_.tags[std::string(kFollowTableTag)] = "true";
  simulation_.create(mapping_);
  pass(10);
  put(1);
  set_stream(false);
  set_stream(true);
  put(2);
  pass(100);
  EXPECT_EQ(all_numbers(), (Numbers{1, 2}));
  EXPECT_EQ(simulation_.find(kUuid)->event_source_arn, simulation_.stream_arn());
  simulation_.crash();
  put(3);
  pass(100);
  EXPECT_EQ(all_numbers(), (Numbers{1, 2, 3}));
}

TEST_F(TriggersTest, StaysWithItsStreamWithoutTheTag) {
  simulation_.create(mapping_);
  put(1);
  set_stream(false);
  set_stream(true);
  put(2);
  pass(100);
  EXPECT_EQ(all_numbers(), (Numbers{1}));
}

TEST_F(TriggersTest, ReplayOfAStreamThatIsGoneIsRefused) {
  mapping_.event_source_arn = simulation_.stream_arn() + "0";
  mapping_.event_source_arn.back() = '9';
  mapping_.event_source_arn.erase(mapping_.event_source_arn.size() - 2, 1);
  simulation_.create(mapping_);
  pass(10);
  std::optional<Status> status;
  simulation_.triggers().replay(kUuid, {}, [&](const Status& result) { status = result; });
  pass(10);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->error().code, ErrorCode::kResourceNotFoundException);
  EXPECT_EQ(simulation_.triggers().last_processing_result(kUuid), "PROBLEM: Stream not found");
}

TEST_F(TriggersTest, StopsWhenWhatIsUnderWayIsDone) {
  simulation_.create(mapping_);
  pass(10);
  put(1);
  simulation_.run();
  bool is_stopped = false;
  simulation_.triggers().stop([&] { is_stopped = true; });
  simulation_.run();
  EXPECT_FALSE(is_stopped);
  pass(10);
  EXPECT_TRUE(is_stopped);
  simulation_.crash();
  pass(100);
  EXPECT_EQ(all_numbers(), (Numbers{1})) << "the end of the batch was stored before the stop";
}

}  // namespace
}  // namespace millrace::triggers
