#include "cli/bench/tally.h"

#include "json/document.h"

namespace millrace::cli::bench {

namespace {

bool contains(std::string_view body, std::string_view wanted) {
  return body.find(wanted) != std::string_view::npos;
}

// What a successful answer does not do: every item is loaded before the first is read, so an empty
// one is of lost items. Looks only where it must, since the generator shares the machine.
std::string_view lack_of(std::string_view operation, std::string_view body) {
  constexpr size_t kEmptyPageBytesMax = 200;
  if (operation == "GetItem") return contains(body, R"("Item")") ? "" : "NoItem";
  if (operation == "Query") {
    const bool empty = body.size() <= kEmptyPageBytesMax && contains(body, R"("Count":0)");
    return empty ? "NoItem" : "";
  }
  if (operation == "BatchWriteItem") {
    return contains(body, R"("UnprocessedItems":{")") ? "UnprocessedItems" : "";
  }
  if (operation == "BatchGetItem") {
    return contains(body, R"("UnprocessedKeys":{")") ? "UnprocessedKeys" : "";
  }
  return "";
}

}  // namespace

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
  if (answer.status == 200) return std::string(lack_of(call.operation, answer.body));
  std::string unnamed = "HTTP " + std::to_string(answer.status);
  Result<json::Document> document = json::Document::parse(answer.body);
  if (!document.ok()) return unnamed;
  std::string_view type;
  if (document->root()["__type"].get(type) != simdjson::SUCCESS || type.empty()) return unnamed;
  return std::string(type.substr(type.rfind('#') + 1));
}

}  // namespace millrace::cli::bench
