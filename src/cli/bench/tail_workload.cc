#include "cli/bench/tail_workload.h"

#include <charconv>

#include "cli/bench/stream_calls.h"

namespace millrace::cli::bench {

namespace {

// Ends the reader soon after the last write.
constexpr std::string_view kWaitMilliseconds = "500";
constexpr std::chrono::seconds kPatience{5};

uint64_t key_of_write(const Call& write) {
  constexpr std::string_view kKeyBegin = R"("S":"item-)";
  const size_t at = write.body.find(kKeyBegin);
  uint64_t key = 0;
  if (at == std::string::npos) return key;
  const char* end = write.body.data() + write.body.size();
  std::from_chars(write.body.data() + at + kKeyBegin.size(), end, key);
  return key;
}

}  // namespace

bool TailExchange::next(SteadyTime now, Call& call) {
  const bool is_over = now >= deadline_;
  if (std::exchange(reader_is_free_, false)) {
    if (is_over && acknowledged_.empty()) return false;
    if (now >= deadline_ + kPatience) {
      tally_.error_counts["RecordNotSeen"] += acknowledged_.size();
      return false;
    }
    get_records(iterator_, call);
    call.wait_milliseconds = kWaitMilliseconds;
    not_before_ = now;
    return true;
  }
  if (is_over) return false;
  call.target_prefix = kDynamoDbPrefix;
  call.wait_milliseconds = {};
  not_before_ = begin_ + std::chrono::nanoseconds(std::chrono::seconds(1)) * writes_ /
                             options_.writes_per_second;
  // In turn, so that no two writes of a key are under way. An update always changes its item.
  calls_.update(writes_++ % options_.items, call);
  return true;
}

void TailExchange::answered(const Call& call, const Answer& answer,
                            std::chrono::nanoseconds latency) {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (!failure_of(call, answer).empty()) {
    tally_.add(call, answer, latency);
  } else if (call.operation == "UpdateItem") {
    acknowledged(key_of_write(call), now);
  } else {
    visit_records(answer.body, [&](uint64_t key) { seen(key, now); });
    iterator_ = next_iterator(answer.body).value_or(iterator_);
    reader_is_free_ = true;
  }
}

void TailExchange::acknowledged(uint64_t key, SteadyTime now) {
  if (seen_.erase(key) > 0) {
    tally_.latencies.record(std::chrono::nanoseconds(0));
  } else {
    acknowledged_[key] = now;
  }
}

void TailExchange::seen(uint64_t key, SteadyTime now) {
  ++tally_.records;
  const auto found = acknowledged_.find(key);
  if (found == acknowledged_.end()) {
    seen_.insert(key);
    return;
  }
  tally_.latencies.record(now - found->second);
  acknowledged_.erase(found);
}

}  // namespace millrace::cli::bench
