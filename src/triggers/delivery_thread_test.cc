#include "triggers/delivery_thread.h"

#include <future>

#include <gtest/gtest.h>

namespace millrace::triggers {
namespace {

// Work that lasts until it is let go.
struct HeldWork {
  std::promise<void> begun;
  std::promise<void> let_go;

  std::function<Status()> work() {
    return [this] {
      begun.set_value();
      let_go.get_future().wait();
      return Status(Done{});
    };
  }
};

TEST(DeliveryThread, WhatWaitsIsBoundedAgainAndAgain) {
  DeliveryThread thread(100);
  for (int round = 0; round < 3; ++round) {
    HeldWork held;
    std::vector<std::string> heard;
    const auto hear = [&](const Status& status) {
      heard.push_back(status ? "done" : status.error().message);
    };
    const auto nothing = [] { return Status(Done{}); };
    thread.run(1'000, held.work(), hear);
    held.begun.get_future().wait();
    std::promise<void> last;
    thread.run(60, nothing, hear);
    thread.run(41, nothing, hear);
    thread.run(40, nothing, [&](const Status& status) {
      hear(status);
      last.set_value();
    });
    EXPECT_EQ(heard, (std::vector<std::string>{"too much waits for delivery"}));
    held.let_go.set_value();
    last.get_future().wait();
    EXPECT_EQ(heard,
              (std::vector<std::string>{"too much waits for delivery", "done", "done", "done"}));
  }
}

TEST(DeliveryThread, WhatWaitsWhenItStopsIsGivenUp) {
  HeldWork held;
  std::vector<std::string> heard;
  const auto hear = [&](const Status& status) {
    heard.push_back(status ? "done" : status.error().message);
  };
  {
    DeliveryThread thread(100);
    thread.run(1, held.work(), hear);
    held.begun.get_future().wait();
    thread.run(1, held.work(), hear);
    auto stopped = std::async(std::launch::async, [&] { thread.stop(); });
    // Refused for one reason until it stops, and for the other from then on.
    std::string refusal;
    while (refusal != "the server stops") {
      thread.run(1'000, held.work(),
                 [&](const Status& status) { refusal = status.error().message; });
    }
    held.let_go.set_value();
    stopped.wait();
  }
  EXPECT_EQ(heard, (std::vector<std::string>{"done", "the server stops"}));
}

}  // namespace
}  // namespace millrace::triggers
