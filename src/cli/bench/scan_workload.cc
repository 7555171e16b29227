#include "cli/bench/scan_workload.h"

#include <charconv>

#include "json/writer.h"

namespace millrace::cli::bench {

namespace {

constexpr std::string_view kCount = R"("Count":)";
constexpr std::string_view kLastKey = R"("LastEvaluatedKey":{"id":{"S":")";
// Pages tell both before or behind their items, so within so many bytes of an end.
constexpr size_t kMarginBytes = 512;

// The rest of the page behind `wanted`, which is searched at both ends.
std::optional<std::string_view> behind(std::string_view page, std::string_view wanted) {
  size_t at = page.substr(0, kMarginBytes).find(wanted);
  if (at == std::string_view::npos) {
    const size_t skipped = page.size() - std::min(page.size(), kMarginBytes);
    at = page.substr(skipped).find(wanted);
    if (at == std::string_view::npos) return std::nullopt;
    at += skipped;
  }
  return page.substr(at + wanted.size());
}

}  // namespace

bool ScanExchange::next(SteadyTime now, Call& call) {
  const bool is_over = options_.requests
                           ? counter_.fetch_add(1, std::memory_order_relaxed) >= *options_.requests
                           : now >= deadline_;
  if (is_over) return false;
  call.operation = "Scan";
  call.body.clear();
  json::Writer writer(call.body);
  writer.begin_object();
  writer.member("TableName", options_.table);
  if (!last_keys_.empty()) {
    writer.key("ExclusiveStartKey");
    writer.raw(R"({"id":{"S":")" + last_keys_.back() + R"("}})");
    last_keys_.pop_back();
  }
  writer.end_object();
  return true;
}

void ScanExchange::answered(const Call& call, const Answer& answer,
                            std::chrono::nanoseconds latency) {
  TalliedExchange::answered(call, answer, latency);
  if (answer.status != 200) return;
  tally_.records += count_items(answer.body);
  if (const auto id = last_evaluated_id(answer.body)) last_keys_.emplace_back(*id);
}

uint64_t count_items(std::string_view page) {
  const auto rest = behind(page, kCount);
  if (!rest) return 0;
  uint64_t count = 0;
  std::from_chars(rest->data(), rest->data() + rest->size(), count);
  return count;
}

std::optional<std::string_view> last_evaluated_id(std::string_view page) {
  const auto rest = behind(page, kLastKey);
  if (!rest) return std::nullopt;
  return rest->substr(0, rest->find('"'));
}

}  // namespace millrace::cli::bench
