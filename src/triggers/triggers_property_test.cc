// Random mappings over random writes, splits, failures and crashes, judged by the rules of event
// source mappings (AWS Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB") as each
// invocation is made.
#include <algorithm>
#include <cstdlib>
#include <set>

#include <fmt/format.h>

#include "triggers/simulation_testing.h"

namespace millrace::triggers {
namespace {

using std::chrono::milliseconds;

// The number-th write of a key.
struct Write {
  std::string key;
  int64_t number = 0;
  auto operator<=>(const Write&) const = default;
  friend void PrintTo(const Write& write, std::ostream* out) {
    *out << write.key << '/' << write.number;
  }
};

struct SeenRecord {
  Write write;
  int64_t created_milliseconds = 0;
};

struct Event {
  std::vector<SeenRecord> records;
  bool has_window = false;
  bool is_final = false;
  std::string window_start;
  std::string shard_id;
  int64_t state = 0;  // records that the window had before
};

Event read_event(ByteView text) {
  const auto document = json::Document::parse(text);
  EXPECT_TRUE(document.ok());
  const json::Element root = document->root();
  Event event;
  for (const json::Element record : root["Records"].get_array()) {
    const json::Element dynamodb = record["dynamodb"].value();
    SeenRecord seen;
    seen.write.key = std::string_view(dynamodb["Keys"]["id"]["S"]);
    seen.write.number =
        std::atoll(std::string(std::string_view(dynamodb["NewImage"]["number"]["N"])).c_str());
    seen.created_milliseconds = int64_t(dynamodb["ApproximateCreationDateTime"]) * 1000;
    event.records.push_back(std::move(seen));
  }
  event.has_window = root["window"].error() == simdjson::SUCCESS;
  if (!event.has_window) return event;
  event.is_final = bool(root["isFinalInvokeForWindow"]);
  event.window_start = std::string_view(root["window"]["start"]);
  event.shard_id = std::string_view(root["shardId"]);
  int64_t state = 0;
  if (root["state"]["count"].get(state) == simdjson::SUCCESS) event.state = state;
  return event;
}

// What happened to the writes of a mapping, and whether it was allowed to.
class Judge {
 public:
  explicit Judge(Mapping mapping) : mapping_(std::move(mapping)) {}

  void note_write(const Write& write, const std::string& color, int64_t now) {
    written_at_[write] = now;
    if (mapping_.filter_patterns.empty() || color == "red") {
      wanted_.insert(write);
    }
  }

  void on_invocation(const Event& event, int64_t now) {
    if (event.is_final) return;
    ASSERT_FALSE(event.records.empty());
    EXPECT_LE(event.records.size(), static_cast<size_t>(mapping_.batch_size));
    std::set<Write> before;
    for (const SeenRecord& record : event.records) {
      EXPECT_TRUE(wanted_.contains(record.write)) << "filtered out: " << name(record.write);
      EXPECT_TRUE(before.insert(record.write).second) << "twice in a batch: " << name(record.write);
      if (over_.contains(record.write)) ++repeated_;
      expect_earlier_are_over(record.write, before);
      if (mapping_.maximum_record_age_seconds >= 0) {
        EXPECT_LE(now - written_at_.at(record.write), mapping_.maximum_record_age_seconds * 1000)
            << "too old: " << name(record.write);
      }
    }
    expect_retry(event);
  }

  // The function succeeded with the first `count` records.
  void on_success(const Event& event, size_t count) {
    for (size_t i = 0; i < count; ++i) over_.insert(event.records[i].write);
    const int64_t failures = failures_of(event);
    pending_.erase(event.records.front().write);
    if (count == event.records.size()) return;
    // What is left is tried again, with one attempt spent unless the batch was split there.
    Pending rest;
    for (size_t i = count; i < event.records.size(); ++i)
      rest.writes.push_back(event.records[i].write);
    rest.failures = failures + (mapping_.bisect_batch_on_function_error ? 0 : 1);
    keep(std::move(rest));
  }

  void on_failure(const Event& event) {
    Pending next;
    const int64_t failures = failures_of(event);
    size_t count = event.records.size();
    pending_.erase(event.records.front().write);
    if (mapping_.bisect_batch_on_function_error && count > 1) {
      for (size_t i = count / 2; i < count; ++i) next.writes.push_back(event.records[i].write);
      next.failures = failures;
      keep(std::move(next));
      next = {};
      count /= 2;
    }
    for (size_t i = 0; i < count; ++i) next.writes.push_back(event.records[i].write);
    next.failures = failures + (count == event.records.size() ? 1 : 0);
    keep(std::move(next));
  }

  void on_discarded(const FailedBatch& batch, int64_t now) {
    const Event event = read_event(batch.payload);
    ASSERT_EQ(static_cast<int64_t>(event.records.size()), batch.batch_size);
    const Write& first = event.records.front().write;
    for (const SeenRecord& record : event.records) {
      EXPECT_TRUE(over_.insert(record.write).second || crashed_)
          << "given up twice: " << name(record.write);
    }
    if (batch.condition == FailureCondition::kRecordAgeExceeded) {
      for (const SeenRecord& record : event.records) {
        EXPECT_GT(now - written_at_.at(record.write),
                  mapping_.maximum_record_age_seconds * 1000 - 1);
      }
      drop_front(first, event.records.size());
      return;
    }
    ASSERT_GE(mapping_.maximum_retry_attempts, 0);
    EXPECT_EQ(batch.approximate_invoke_count, mapping_.maximum_retry_attempts + 1);
    if (crashed_) return;
    const auto pending = pending_.find(first);
    ASSERT_NE(pending, pending_.end()) << "given up without a failure: " << name(first);
    EXPECT_EQ(pending->second.failures, mapping_.maximum_retry_attempts + 1);
    EXPECT_EQ(pending->second.writes.size(), event.records.size());
    pending_.erase(pending);
  }

  // What failed and was not saved before the crash counts or does not.
  void on_crash() {
    pending_.clear();
    crashed_ = true;
  }

  void expect_all_over() const {
    for (const Write& write : wanted_)
      EXPECT_TRUE(over_.contains(write)) << "lost: " << name(write);
  }
  [[nodiscard]] size_t repeated() const { return repeated_; }
  [[nodiscard]] size_t over() const { return over_.size(); }

 private:
  struct Pending {
    std::vector<Write> writes;
    int64_t failures = 0;
  };

  static std::string name(const Write& write) {
    return fmt::format("{}/{}", write.key, write.number);
  }

  void keep(Pending pending) {
    const Write first = pending.writes.front();
    pending_[first] = std::move(pending);
  }

  int64_t failures_of(const Event& event) const {
    const auto pending = pending_.find(event.records.front().write);
    return pending == pending_.end() ? 0 : pending->second.failures;
  }

  void drop_front(const Write& first, size_t count) {
    const auto found = pending_.find(first);
    if (found == pending_.end()) return;
    Pending rest = std::move(found->second);
    pending_.erase(found);
    if (count >= rest.writes.size()) return;
    rest.writes.erase(rest.writes.begin(), rest.writes.begin() + static_cast<ptrdiff_t>(count));
    keep(std::move(rest));
  }

  // Of a key, one write after the other.
  void expect_earlier_are_over(const Write& write, const std::set<Write>& in_batch) {
    for (int64_t number = write.number - 1; number > 0; --number) {
      const Write earlier{write.key, number};
      if (!wanted_.contains(earlier)) continue;
      EXPECT_TRUE(over_.contains(earlier) || in_batch.contains(earlier))
          << name(write) << " before " << name(earlier);
    }
  }

  // What failed comes again as it was, or as the half of it.
  void expect_retry(const Event& event) {
    const auto pending = pending_.find(event.records.front().write);
    if (pending == pending_.end()) return;
    std::vector<Write> writes;
    for (const SeenRecord& record : event.records) writes.push_back(record.write);
    EXPECT_EQ(writes, pending->second.writes);
  }

  const Mapping mapping_;
  std::map<Write, int64_t> written_at_;
  std::set<Write> wanted_;
  std::set<Write> over_;  // worked off or given up
  std::map<Write, Pending> pending_;
  size_t repeated_ = 0;
  bool crashed_ = false;
};

Mapping random_mapping(Random& random) {
  Mapping mapping;
  mapping.uuid = "00000000-0000-0000-0000-000000000001";
  mapping.batch_size = 1 + static_cast<int64_t>(random.below(8));
  mapping.maximum_batching_window_seconds = random.below(3) == 0 ? 2 : 0;
  mapping.parallelization_factor = 1 + static_cast<int64_t>(random.below(4));
  mapping.bisect_batch_on_function_error = random.below(2) == 0;
  mapping.report_batch_item_failures = random.below(2) == 0;
  if (random.below(2) == 0) mapping.maximum_retry_attempts = static_cast<int64_t>(random.below(4));
  if (random.below(3) == 0) mapping.maximum_record_age_seconds = 60;
  if (random.below(3) == 0) {
    mapping.filter_patterns = {R"({"dynamodb": {"NewImage": {"color": {"S": ["red"]}}}})"};
  }
  mapping.on_failure_destination = "destination";
  return mapping;
}

// One run: a mapping, writers, a function that fails in every way, and in the end does not.
class RandomRun {
 public:
  explicit RandomRun(uint64_t seed)
      : random_(seed), mapping_(random_mapping(random_)), judge_(mapping_) {
    simulation_.function = [this](const auto& request) { return answer(request); };
    simulation_.destination = [this](const FailedBatch& batch) { return receive(batch); };
  }

  void play() {
    simulation_.create(mapping_);
    for (int step = 0; step < 300; ++step) play_step();
    fails_ = false;
    for (int i = 0; i < 200; ++i) simulation_.advance(milliseconds(1000));
    judge_.expect_all_over();
    EXPECT_EQ(simulation_.statistics(mapping_.uuid).lag.records_behind, 0);
    EXPECT_LE(judge_.repeated(), crashes_ * lanes_max_ * static_cast<size_t>(mapping_.batch_size));
    EXPECT_EQ(simulation_.find(mapping_.uuid)->state, MappingState::kEnabled);
  }

 private:
  void play_step() {
    const uint64_t what = random_.below(100);
    if (what < 55) {
      write();
    } else if (what < 90) {
      simulation_.advance(milliseconds(random_.below(random_.below(10) == 0 ? 20'000 : 300)));
    } else if (what < 92 && splits_ < 3) {
      ++splits_;
      simulation_.split();
    } else if (what < 94) {
      simulation_.crash();
      judge_.on_crash();
      ++crashes_;
    } else if (what < 96) {
      toggle();
    } else if (what < 97 && !has_factor_changed_) {
      change_factor();
    } else {
      simulation_.run();
    }
  }

  void write() {
    const std::string key = fmt::format("key-{}", random_.below(12));
    const std::string color = random_.below(3) == 0 ? "blue" : "red";
    const int64_t number = ++numbers_[key];
    judge_.note_write({key, number}, color, simulation_.clock().now_milliseconds());
    simulation_.put(key, number, color);
  }

  void toggle() {
    simulation_.change(mapping_.uuid, [](Mapping& mapping) {
      mapping.enabled = !mapping.enabled;
      mapping.state = mapping.enabled ? MappingState::kEnabling : MappingState::kDisabling;
    });
    simulation_.advance(milliseconds(random_.below(2000)));
    simulation_.change(mapping_.uuid, [](Mapping& mapping) {
      mapping.enabled = true;
      mapping.state = MappingState::kEnabling;
    });
  }

  void change_factor() {
    has_factor_changed_ = true;
    simulation_.change(mapping_.uuid, [this](Mapping& mapping) {
      mapping.parallelization_factor = 1 + static_cast<int64_t>(random_.below(5));
      mapping.state = MappingState::kUpdating;
    });
  }

  SimulatedFunction::Answer answer(const functions::InvokeRequest& request) {
    const Event event = read_event(request.payload);
    judge_.on_invocation(event, simulation_.clock().now_milliseconds());
    const milliseconds delay(1 + random_.below(200));
    const uint64_t how = fails_ ? random_.below(10) : 9;
    if (how == 0) {
      return {Error{ErrorCode::kTooManyRequestsException, "Rate Exceeded."}, delay};
    }
    if (how <= 3) {
      judge_.on_failure(event);
      return {unhandled(), delay};
    }
    if (how == 4 && mapping_.report_batch_item_failures) {
      judge_.on_failure(event);
      return {succeeded(R"({"batchItemFailures": [{"itemIdentifier": ""}]})"), delay};
    }
    if (how <= 6 && mapping_.report_batch_item_failures) return fail_from(event, request, delay);
    judge_.on_success(event, event.records.size());
    return {succeeded(how == 7 ? "" : "null"), delay};
  }

  SimulatedFunction::Answer fail_from(const Event& event, const functions::InvokeRequest& request,
                                      milliseconds delay) {
    const size_t first = random_.below(event.records.size());
    if (first == 0) {
      judge_.on_failure(event);
    } else {
      judge_.on_success(event, first);
    }
    const auto document = json::Document::parse(request.payload);
    std::string items;
    for (size_t i = event.records.size(); i-- > first;) {
      const std::string_view sequence_number =
          document->root()["Records"].at(i)["dynamodb"]["SequenceNumber"];
      if (!items.empty()) items += ",";
      items += fmt::format(R"({{"itemIdentifier": "{}"}})", sequence_number);
    }
    return {succeeded(fmt::format(R"({{"batchItemFailures": [{}]}})", items)), delay};
  }

  Status receive(const FailedBatch& batch) {
    if (fails_ && random_.below(3) == 0) return internal_error("unreachable");
    judge_.on_discarded(batch, simulation_.clock().now_milliseconds());
    return Done{};
  }

  Random random_;
  const Mapping mapping_;
  Judge judge_;
  Simulation simulation_;
  std::map<std::string, int64_t> numbers_;
  bool fails_ = true;
  bool has_factor_changed_ = false;
  int splits_ = 0;
  size_t crashes_ = 0;
  static constexpr size_t lanes_max_ = 5 * 16;
};

uint64_t seeds() {
  const char* text = std::getenv("MILLRACE_SEEDS");
  return text == nullptr ? 60 : std::strtoull(text, nullptr, 10);
}

TEST(TriggersProperty, FollowTheRulesWhateverHappens) {
  for (uint64_t seed = 1; seed <= seeds(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    RandomRun(seed).play();
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace millrace::triggers
