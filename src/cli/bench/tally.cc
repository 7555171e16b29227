#include "cli/bench/tally.h"

#include "json/document.h"

namespace millrace::cli::bench {

void Tally::add(const Call& call, const Answer& answer, std::chrono::nanoseconds latency) {
  std::string failure = failure_of(call, answer);
  if (failure.empty())
    latencies.record(latency);
  else
    ++error_counts[failure];
}

void Tally::merge(const Tally& other) {
  latencies.merge(other.latencies);
  records += other.records;
  for (const auto& [name, count] : other.error_counts) error_counts[name] += count;
}

uint64_t Tally::errors() const {
  uint64_t total = 0;
  for (const auto& [name, count] : error_counts) total += count;
  return total;
}

std::string failure_of(const Call& call, const Answer& answer) {
  if (answer.status == 0) return std::string(answer.failure);
  if (answer.status == 200) {
    // Every item is loaded before the first GetItem, so an empty answer is a lost item.
    bool lost = call.operation == "GetItem" && answer.body.find("\"Item\"") == std::string::npos;
    if (lost) return "NoItem";
    const bool unwritten = answer.body.find(R"("UnprocessedItems":{")") != std::string::npos;
    return unwritten ? "UnprocessedItems" : "";
  }
  std::string unnamed = "HTTP " + std::to_string(answer.status);
  Result<json::Document> document = json::Document::parse(answer.body);
  if (!document.ok()) return unnamed;
  std::string_view type;
  if (document->root()["__type"].get(type) != simdjson::SUCCESS || type.empty()) return unnamed;
  return std::string(type.substr(type.rfind('#') + 1));
}

}  // namespace millrace::cli::bench
