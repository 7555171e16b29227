#include "ops/request_tokens.h"

#include <gmock/gmock.h>

#include "engine/memory/memory_engine.h"

namespace millrace::ops {
namespace {

constexpr int64_t kMinute = 60'000'000;
using Found = RequestTokens::Found;

class RequestTokensTest : public testing::Test {
 protected:
  static TokenedRequest request(const std::string& token, const std::string& content = "") {
    return {token, auth::sha256(content)};
  }
  void commit(const TokenedRequest& request) {
    engine_->commit(tokens_.commits_of(request),
                    [](const Status& status) { EXPECT_TRUE(status.ok()); });
    tokens_.end(request);
  }
  ErrorCode refusal(const TokenedRequest& request) {
    auto found = tokens_.begin(request);
    EXPECT_FALSE(found.ok());
    return found.ok() ? ErrorCode::kInternalFailure : found.error().code;
  }
  void advance(int64_t minutes) { clock_.advance_microseconds(minutes * kMinute); }
  // Of all the generations' partitions.
  size_t stored() {
    size_t count = 0;
    for (engine::PartitionId id = UINT64_MAX - 255; id < UINT64_MAX; ++id) {
      EXPECT_TRUE(engine_
                      ->scan(id, {}, engine::Direction::kForward,
                             [&](ByteView, ByteView) { return ++count > 0; })
                      .ok());
    }
    return count;
  }

  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  ManualClock clock_{1'000'003 * kMinute};
  RequestTokens tokens_{*engine_, clock_};
};

TEST_F(RequestTokensTest, ACommittedRequestIsKnown) {
  EXPECT_EQ(tokens_.begin(request("a")).value(), Found::kNew);
  commit(request("a"));
  EXPECT_EQ(tokens_.begin(request("a")).value(), Found::kDone);
  EXPECT_EQ(tokens_.begin(request("a")).value(), Found::kDone) << "being known leaves nothing open";
  EXPECT_EQ(tokens_.begin(request("b")).value(), Found::kNew);
  RequestTokens again(*engine_, clock_);
  EXPECT_EQ(again.begin(request("a")).value(), Found::kDone);
}

TEST_F(RequestTokensTest, ARefusedRequestIsNotKnown) {
  EXPECT_TRUE(tokens_.begin(request("a")).ok());
  tokens_.end(request("a"));
  EXPECT_EQ(tokens_.begin(request("a", "other")).value(), Found::kNew);
}

TEST_F(RequestTokensTest, AnotherRequestMayNotHaveTheToken) {
  EXPECT_TRUE(tokens_.begin(request("a", "one")).ok());
  EXPECT_EQ(refusal(request("a", "one")), ErrorCode::kTransactionInProgressException);
  EXPECT_EQ(refusal(request("a", "two")), ErrorCode::kIdempotentParameterMismatchException);
  commit(request("a", "one"));
  EXPECT_EQ(refusal(request("a", "two")), ErrorCode::kIdempotentParameterMismatchException);
  EXPECT_EQ(tokens_.begin(request("a", "one")).value(), Found::kDone);
}

TEST_F(RequestTokensTest, ATokenCountsForTenMinutes) {
  for (int minute = 0; minute < 10; ++minute) {
    const std::string token = "began in minute " + std::to_string(minute);
    EXPECT_TRUE(tokens_.begin(request(token)).ok());
    commit(request(token));
    clock_.advance_microseconds(10 * kMinute - 1'000);
    EXPECT_EQ(tokens_.begin(request(token)).value(), Found::kDone) << token;
    clock_.advance_microseconds(1'000);
    EXPECT_EQ(tokens_.begin(request(token)).value(), Found::kNew) << token;
    tokens_.end(request(token));
    advance(1);
  }
}

TEST_F(RequestTokensTest, OldTokensGo) {
  for (int minute = 0; minute < 300; ++minute) {
    for (int i = 0; i < 3; ++i) {
      const auto one = request(std::to_string(minute) + "/" + std::to_string(i));
      EXPECT_TRUE(tokens_.begin(one).ok());
      commit(one);
    }
    EXPECT_LE(stored(), 3U * 30);
    if (minute > 0) {
      EXPECT_EQ(tokens_.begin(request(std::to_string(minute - 1) + "/0")).value(), Found::kDone);
    }
    advance(1);
  }
}

}  // namespace
}  // namespace millrace::ops
