#include "cli/bench/records_workload.h"

#include "cli/bench/stream_calls.h"

namespace millrace::cli::bench {

bool RecordsExchange::next(SteadyTime now, Call& call) {
  const bool is_over = options_.requests
                           ? counter_.fetch_add(1, std::memory_order_relaxed) >= *options_.requests
                           : now >= deadline_;
  if (is_over) return false;
  std::string iterator = start_;
  if (!iterators_.empty()) {
    iterator = std::move(iterators_.back());
    iterators_.pop_back();
  }
  get_records(iterator, call);
  return true;
}

void RecordsExchange::answered(const Call& call, const Answer& answer,
                               std::chrono::nanoseconds latency) {
  TalliedExchange::answered(call, answer, latency);
  if (answer.status != 200) return;
  const uint64_t records = count_records(answer.body);
  tally_.records += records;
  const auto iterator = next_iterator(answer.body);
  if (records > 0 && iterator) iterators_.emplace_back(*iterator);
}

}  // namespace millrace::cli::bench
