#include "cli/bench/follow_workload.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "cli/bench/stream_calls.h"

namespace millrace::cli::bench {

namespace {

// The beginning of a payload, with the quote that opens its string.
constexpr std::string_view kMark = "\"put-";
constexpr size_t kMarkDigits = 12;
constexpr std::string_view kNewImage = R"("NewImage":{)";
// Ends the reader soon after the last put.
constexpr std::string_view kWaitMilliseconds = "500";
constexpr std::chrono::seconds kLastRecordsTimeout{5};

// Of the first mark at `from` or behind it. Not by parsing: the generator shares the machine with
// the server.
std::optional<uint64_t> find_mark(std::string_view text, size_t from) {
  const size_t at = text.find(kMark, from);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view digits = text.substr(at + kMark.size(), kMarkDigits);
  uint64_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ptr != digits.data() + kMarkDigits) return std::nullopt;
  return number;
}

}  // namespace

uint64_t follow_puts(const BenchOptions& options) {
  if (options.requests) return *options.requests;
  return static_cast<uint64_t>(
      std::ceil(options.seconds * static_cast<double>(options.writes_per_second)));
}

PacedPuts::PacedPuts(const BenchOptions& options, uint64_t seed, SteadyTime begin,
                     FollowProgress& progress)
    : options_(options),
      calls_(options, seed),
      begin_(begin),
      progress_(progress),
      answer_times_(follow_puts(options)) {}

bool PacedPuts::next(SteadyTime /*now*/, Call& call) {
  if (sent_ == answer_times_.size()) return false;
  calls_.put(sent_ % options_.items, call,
             fmt::format("{}{:0{}}", kMark.substr(1), sent_, kMarkDigits));
  not_before_ = begin_ + std::chrono::nanoseconds(std::chrono::seconds(1)) * sent_ /
                             options_.writes_per_second;
  ++sent_;
  return true;
}

void PacedPuts::answered(const Call& call, const Answer& answer,
                         std::chrono::nanoseconds /*latency*/) {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (const std::string failure = failure_of(call, answer); !failure.empty()) {
    ++tally_.error_counts[failure];
    return;
  }
  answer_times_.at(find_mark(call.body, 0).value()) = now;
  progress_.acknowledged.fetch_add(1, std::memory_order_relaxed);
}

bool ShardFollower::next(SteadyTime now, Call& call) {
  if (iterator_.empty()) return false;
  if (progress_.written) {
    if (arrived_ >= progress_.acknowledged) return false;
    if (!give_up_) give_up_ = now + kLastRecordsTimeout;
    if (now >= *give_up_) return false;
  }
  get_records(iterator_, call);
  call.wait_milliseconds = kWaitMilliseconds;
  return true;
}

void ShardFollower::answered(const Call& call, const Answer& answer,
                             std::chrono::nanoseconds /*latency*/) {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (const std::string failure = failure_of(call, answer); !failure.empty()) {
    ++tally_.error_counts[failure];
    iterator_.clear();
    return;
  }
  const std::vector<uint64_t> puts = puts_of_records(answer.body);
  for (const uint64_t put : puts) arrivals_.push_back({put, now});
  arrived_ += puts.size();
  iterator_ = next_iterator(answer.body).value_or("");
}

std::vector<uint64_t> puts_of_records(std::string_view body) {
  std::vector<uint64_t> puts;
  size_t at = 0;
  while ((at = body.find(kNewImage, at)) != std::string_view::npos) {
    at += kNewImage.size();
    if (const auto put = find_mark(body, at)) puts.push_back(*put);
  }
  return puts;
}

Tally arrival_tally(const std::vector<SteadyTime>& answer_times,
                    const std::vector<Arrival>& arrivals) {
  Tally tally;
  std::vector<bool> arrived(answer_times.size());
  for (const auto& [put, at] : arrivals) {
    if (put >= arrived.size()) continue;
    if (arrived[put]) ++tally.error_counts["DoubledRecord"];
    arrived[put] = true;
    if (answer_times[put] == SteadyTime{}) continue;
    tally.latencies.record(at - answer_times[put]);
  }
  tally.records = arrivals.size();
  for (size_t put = 0; put < arrived.size(); ++put) {
    if (answer_times[put] != SteadyTime{} && !arrived[put]) ++tally.error_counts["MissingRecord"];
  }
  return tally;
}

}  // namespace millrace::cli::bench
