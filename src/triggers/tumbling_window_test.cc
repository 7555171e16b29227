// Tumbling windows over random writes, splits, failures and crashes: the state that a function
// folds over a window counts every record once.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "triggers/simulation_testing.h"

namespace millrace::triggers {
namespace {

using std::chrono::milliseconds;

constexpr int64_t kWindowSeconds = 10;

struct WindowEvent {
  std::vector<int64_t> created_seconds;
  std::string start;
  std::string end;
  std::string shard_id;
  int64_t count = 0;  // the state
  bool is_final = false;
  bool is_terminated_early = false;
};

WindowEvent read_event(ByteView text) {
  const auto document = json::Document::parse(text);
  const json::Element root = document->root();
  WindowEvent event;
  for (const json::Element record : root["Records"].get_array()) {
    event.created_seconds.push_back(record["dynamodb"]["ApproximateCreationDateTime"]);
  }
  event.start = std::string_view(root["window"]["start"]);
  event.end = std::string_view(root["window"]["end"]);
  event.shard_id = std::string_view(root["shardId"]);
  event.is_final = root["isFinalInvokeForWindow"];
  event.is_terminated_early = root["isWindowTerminatedEarly"];
  if (root["state"]["count"].get(event.count) != simdjson::SUCCESS) event.count = 0;
  EXPECT_EQ(std::string_view(root["eventSourceARN"]).substr(0, 8), "arn:aws:");
  return event;
}

Mapping windowed_mapping() {
  Mapping mapping;
  mapping.uuid = "00000000-0000-0000-0000-000000000002";
  mapping.batch_size = 5;
  mapping.tumbling_window_seconds = kWindowSeconds;
  return mapping;
}

// Counts, and fails at times.
class CountingFunction {
 public:
  explicit CountingFunction(Random& random) : random_(random) {}

  SimulatedFunction::Answer answer(const functions::InvokeRequest& request) {
    const WindowEvent event = read_event(request.payload);
    EXPECT_EQ(event.start.size(), std::string_view("2026-01-02T03:04:05Z").size());
    const milliseconds delay(1 + random_.below(100));
    if (fails && random_.below(4) == 0) return {unhandled(), delay};
    if (event.is_final) {
      EXPECT_TRUE(event.created_seconds.empty());
      // A repeated end of a window has the same state.
      totals[event.shard_id + event.start] = event.count;
      return {succeeded(), delay};
    }
    EXPECT_FALSE(event.created_seconds.empty());
    for (const int64_t created : event.created_seconds) {
      EXPECT_EQ(created - created % kWindowSeconds,
                event.created_seconds.front() / kWindowSeconds * kWindowSeconds);
    }
    const auto count = event.count + static_cast<int64_t>(event.created_seconds.size());
    return {succeeded(fmt::format(R"({{"state": {{"count": {}}}}})", count)), delay};
  }

  bool fails = true;
  std::map<std::string, int64_t> totals;  // by shard and start of the window

 private:
  Random& random_;
};

void play(uint64_t seed) {
  Random random(seed);
  Simulation simulation;
  CountingFunction function(random);
  simulation.function = [&](const auto& request) { return function.answer(request); };
  simulation.create(windowed_mapping());
  int64_t writes = 0;
  for (int step = 0; step < 200; ++step) {
    const uint64_t what = random.below(20);
    if (what < 12) {
      simulation.put(fmt::format("key-{}", random.below(5)), ++writes, "red");
    } else if (what == 12 && step % 3 == 0) {
      simulation.split();
    } else if (what == 13) {
      simulation.crash();
    } else {
      simulation.advance(milliseconds(random.below(4000)));
    }
  }
  function.fails = false;
  for (int i = 0; i < 60; ++i) simulation.advance(milliseconds(1000));
  int64_t counted = 0;
  for (const auto& [window, count] : function.totals) counted += count;
  EXPECT_EQ(counted, writes);
}

TEST(TumblingWindow, CountsEveryRecordOnceWhateverHappens) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    play(seed);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(TumblingWindow, EndsWhenItsTimeIsOverThoughNothingIsWritten) {
  Simulation simulation;
  std::vector<WindowEvent> events;
  simulation.function = [&](const functions::InvokeRequest& request) {
    events.push_back(read_event(request.payload));
    return SimulatedFunction::Answer{succeeded(R"({"state": {"count": 7}})")};
  };
  simulation.create(windowed_mapping());
  simulation.put("a", 1, "red");
  simulation.advance(milliseconds(100));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_FALSE(events[0].is_final);
  EXPECT_EQ(events[0].start, "2023-11-14T22:13:20Z");
  EXPECT_EQ(events[0].end, "2023-11-14T22:13:30Z");
  simulation.advance(milliseconds(9800));
  EXPECT_EQ(events.size(), 1U);
  simulation.advance(milliseconds(2000));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_TRUE(events[1].is_final);
  EXPECT_FALSE(events[1].is_terminated_early);
  EXPECT_EQ(events[1].count, 7);
  simulation.advance(milliseconds(60'000));
  EXPECT_EQ(events.size(), 2U);
}

TEST(TumblingWindow, EndsEarlyWhenItsStateIsTooLarge) {
  Simulation simulation;
  std::vector<WindowEvent> events;
  simulation.function = [&](const functions::InvokeRequest& request) {
    events.push_back(read_event(request.payload));
    std::string state = R"({"count": 3})";
    if (events.size() == 2) state = R"({"text": ")" + std::string(1024 * 1024, 'x') + "\"}";
    return SimulatedFunction::Answer{succeeded(R"({"state": )" + state + "}")};
  };
  simulation.create(windowed_mapping());
  simulation.put("a", 1, "red");
  simulation.advance(milliseconds(10));
  simulation.put("a", 2, "red");
  simulation.advance(milliseconds(10));
  ASSERT_EQ(events.size(), 3U);
  EXPECT_TRUE(events[2].is_final);
  EXPECT_TRUE(events[2].is_terminated_early);
  EXPECT_EQ(events[2].count, 3);
  simulation.put("a", 3, "red");
  simulation.advance(milliseconds(10));
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[3].count, 0);
}

TEST(TumblingWindow, AnAnswerWithoutStateIsAFailure) {
  Simulation simulation;
  int calls = 0;
  simulation.function = [&](const auto&) {
    ++calls;
    return SimulatedFunction::Answer{succeeded("null")};
  };
  simulation.create(windowed_mapping());
  simulation.put("a", 1, "red");
  simulation.advance(milliseconds(1000));
  EXPECT_GT(calls, 1);
  EXPECT_EQ(simulation.triggers().last_processing_result(windowed_mapping().uuid),
            "PROBLEM: Function call failed");
}

}  // namespace
}  // namespace millrace::triggers
