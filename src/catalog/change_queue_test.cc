#include "catalog/change_queue.h"

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace millrace::catalog {
namespace {

TEST(ChangeQueue, OneAfterTheOther) {
  std::vector<int> made;
  std::vector<ChangeQueue::Finished> waiting;
  ChangeQueue queue;
  for (int i = 0; i < 3; ++i) {
    queue.add([&, i](ChangeQueue::Finished finished) {
      made.push_back(i);
      waiting.push_back(std::move(finished));
    });
  }
  for (size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(made.size(), i + 1);
    waiting[i]();
  }
  EXPECT_EQ(made, (std::vector{0, 1, 2}));
}

TEST(ChangeQueue, ManyThatFinishAtOnceDoNotNest) {
  int made = 0;
  {
    ChangeQueue queue;
    std::optional<ChangeQueue::Finished> first;
    queue.add([&](ChangeQueue::Finished finished) { first = std::move(finished); });
    for (int i = 0; i < 1'000'000; ++i) {
      queue.add([&](const ChangeQueue::Finished& finished) {
        ++made;
        finished();
      });
    }
    EXPECT_EQ(made, 0);
    (*first)();
  }
  EXPECT_EQ(made, 1'000'000);
}

TEST(ChangeQueue, ItsEndWaitsForWhatWasAskedFor) {
  std::vector<std::thread> threads;
  int made = 0;  // by one at a time, which is what is tested
  {
    ChangeQueue queue;
    for (int i = 0; i < 50; ++i) {
      queue.add([&](ChangeQueue::Finished finished) {
        threads.emplace_back([&made, finished = std::move(finished)] {
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
          ++made;
          finished();
        });
      });
    }
  }
  EXPECT_EQ(made, 50);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace millrace::catalog
