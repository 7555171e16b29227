#include "functions/event_queue.h"

#include <future>

#include <gmock/gmock.h>

#include "catalog/catalog.h"
#include "functions/function_testing.h"
#include "functions/store_invoker.h"

namespace millrace::functions {
namespace {

class EventQueueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.first_retry_milliseconds = 1;
    options_.second_retry_milliseconds = 1;
    options_.unavailable_milliseconds = 1;
    make_function(*store_, "f");
    open();
  }
  void open() {
    queue_.reset();
    queue_ = EventQueue::open(*engine_, *store_, invoker_, clock_, options_).value();
  }
  Status add(const std::string& payload) {
    std::promise<Status> accepted;
    QueuedEvent event;
    event.function = "f";
    event.payload = payload;
    queue_->add(std::move(event), [&](Status status) { accepted.set_value(std::move(status)); });
    return accepted.get_future().get();
  }
  void wait_for_runs(size_t count) {
    for (int i = 0; i < 5000 && runner_.run_count() < count; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_EQ(runner_.run_count(), count);
  }
  // What a restart would find.
  size_t stored() {
    size_t count = 0;
    EXPECT_TRUE(engine_
                    ->scan(catalog::kFunctionsPartition, {"Q", "R"}, engine::Direction::kForward,
                           [&](ByteView, ByteView) {
                             ++count;
                             return true;
                           })
                    .ok());
    return count;
  }
  void wait_until_nothing_is_stored() {
    for (int i = 0; i < 5000 && stored() > 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_EQ(stored(), 0u);
  }
  void fail_with(std::optional<ErrorCode> code) {
    runner_.answer = [code](const FunctionVersion&, const InvokeRequest&) -> Result<InvokeAnswer> {
      if (code) return Error{*code, "not now"};
      InvokeAnswer answer;
      answer.function_error = "Unhandled";
      return answer;
    };
  }

  SystemClock clock_;
  Random random_{1};
  EventQueueOptions options_;
  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<CodeStore> codes_ = CodeStore::open({}, random_).value();
  std::unique_ptr<FunctionStore> store_ = FunctionStore::open(*engine_, *codes_).value();
  ScriptedRunner runner_;
  StoreInvoker invoker_{*store_, {}, random_, runner_};
  std::unique_ptr<EventQueue> queue_;
};

TEST_F(EventQueueTest, RunsOnce) {
  ASSERT_TRUE(add("1").ok());
  wait_for_runs(1);
  wait_until_nothing_is_stored();
  EXPECT_EQ(runner_.runs[0].payload, "1");
}

TEST_F(EventQueueTest, FailedOnesAreTriedTwiceMore) {
  fail_with(std::nullopt);
  ASSERT_TRUE(add("1").ok());
  wait_until_nothing_is_stored();
  wait_for_runs(3);
}

TEST_F(EventQueueTest, AsOftenAsTheFunctionSays) {
  make_function(*store_, "f", [](Function& function) {
    function.event_invoke_configs["$LATEST"].maximum_retry_attempts = 0;
  });
  fail_with(std::nullopt);
  ASSERT_TRUE(add("1").ok());
  wait_until_nothing_is_stored();
  wait_for_runs(1);
}

TEST_F(EventQueueTest, WhatCannotRunNowRunsLater) {
  int refusals = 5;
  runner_.answer = [&](const FunctionVersion&, const InvokeRequest&) -> Result<InvokeAnswer> {
    if (refusals-- > 0) return Error{ErrorCode::kTooManyRequestsException, "Rate Exceeded."};
    return InvokeAnswer{};
  };
  ASSERT_TRUE(add("1").ok());
  wait_until_nothing_is_stored();
  wait_for_runs(6);
}

TEST_F(EventQueueTest, WhatCanNeverRunIsGivenUp) {
  fail_with(ErrorCode::kResourceNotFoundException);
  ASSERT_TRUE(add("1").ok());
  wait_until_nothing_is_stored();
  wait_for_runs(1);
}

TEST_F(EventQueueTest, GoesOnAfterARestart) {
  options_.unavailable_milliseconds = 60'000;
  open();
  fail_with(ErrorCode::kServiceException);
  ASSERT_TRUE(add("1").ok());
  wait_for_runs(1);
  queue_.reset();
  EXPECT_EQ(stored(), 1u);
  fail_with(ErrorCode::kResourceNotFoundException);
  open();
  wait_for_runs(2);
  wait_until_nothing_is_stored();
}

TEST_F(EventQueueTest, IsBounded) {
  options_.events_max = 1;
  options_.unavailable_milliseconds = 60'000;
  open();
  fail_with(ErrorCode::kServiceException);
  ASSERT_TRUE(add("1").ok());
  const auto refused = add("2");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kTooManyRequestsException);
}

}  // namespace
}  // namespace millrace::functions
