#include "base/wake_batch.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace millrace {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(WakeBatch, CallsAtOnceWithoutOne) {
  int calls = 0;
  WakeBatch::call([&] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST(WakeBatch, CallsInOrderWhenTheOutermostEnds) {
  std::vector<int> calls;
  {
    const WakeBatch outer;
    WakeBatch::call([&] { calls.push_back(1); });
    {
      const WakeBatch inner;
      WakeBatch::call([&] { calls.push_back(2); });
    }
    EXPECT_THAT(calls, IsEmpty());
  }
  EXPECT_THAT(calls, ElementsAre(1, 2));
}

TEST(WakeBatch, OneThatBeginsInACallEndsThere) {
  std::vector<int> calls;
  {
    const WakeBatch outer;
    WakeBatch::call([&] {
      const WakeBatch inner;
      WakeBatch::call([&] { calls.push_back(1); });
    });
    WakeBatch::call([&] { calls.push_back(2); });
  }
  EXPECT_THAT(calls, ElementsAre(1, 2));
}

TEST(WakeBatch, IsOfOneThread) {
  const WakeBatch batch;
  int calls = 0;
  std::thread([&] { WakeBatch::call([&] { ++calls; }); }).join();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace millrace
