#include "cli/bench/workload.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "base/check.h"
#include "json/writer.h"

namespace millrace::cli::bench {

namespace {

constexpr std::string_view kKeyName = "id";
constexpr std::string_view kPayloadName = "payload";
constexpr std::string_view kSortKeyName = "at";
constexpr std::string_view kGroupName = "group";
constexpr uint64_t kGroupItems = 100;  // that share a partition key
constexpr size_t kBatchPuts = 25;
constexpr size_t kBatchGets = 100;
constexpr size_t kTransactPuts = 4;
// Names and values.
constexpr size_t kSortKeyBytes = 2 + 2;
constexpr size_t kGroupBytes = 5 + 4;

std::string key_text(uint64_t key) {
  return fmt::format("item-{:012}", key);
}

// The rest is to be written into the object.
json::Writer begin_body(std::string_view operation, Call& call) {
  call.operation = operation;
  call.body.clear();
  json::Writer writer(call.body);
  writer.begin_object();
  return writer;
}

void write_string_attribute(json::Writer& writer, std::string_view name, std::string_view value) {
  writer.key(name);
  writer.begin_object();
  writer.member("S", value);
  writer.end_object();
}

void write_key(json::Writer& writer, uint64_t key) {
  writer.begin_object();
  write_string_attribute(writer, kKeyName, key_text(key));
  writer.end_object();
}

}  // namespace

ItemCalls::ItemCalls(const BenchOptions& options, uint64_t seed)
    : table_(options.table),
      grouped_(options.workload == Workload::kQuery),
      indexed_(options.index),
      payload_bytes_(options.item_bytes - kKeyName.size() - key_text(0).size() -
                     kPayloadName.size() - (grouped_ ? kSortKeyBytes : 0) -
                     (indexed_ ? kGroupBytes : 0)),
      random_(seed),
      letters_(random_.text(payload_bytes_ + 65'536, "abcdefghijklmnopqrstuvwxyz0123456789")) {}

std::string_view ItemCalls::payload(std::string_view mark) {
  const std::string_view letters = letters_;
  const uint64_t from = random_.below(65'536);
  if (mark.empty()) return letters.substr(from, payload_bytes_);
  MILLRACE_CHECK(mark.size() <= payload_bytes_);
  marked_.assign(mark).append(letters.substr(from, payload_bytes_ - mark.size()));
  return marked_;
}

void ItemCalls::get(uint64_t key, Call& call) {
  json::Writer writer = begin_body("GetItem", call);
  writer.member("TableName", table_);
  writer.key("Key");
  write_key(writer, key);
  writer.end_object();
}

void ItemCalls::put(uint64_t key, Call& call, std::string_view mark) {
  call.operation = "PutItem";
  call.body.clear();
  json::Writer writer(call.body);
  write_put_parameters(writer, key, mark);
}

void ItemCalls::conditional_put(uint64_t key, Call& call) {
  json::Writer writer = begin_body("PutItem", call);
  writer.member("TableName", table_);
  write_item(writer, key);
  writer.member("ConditionExpression", "attribute_exists(id)");
  writer.end_object();
}

void ItemCalls::write_put_parameters(json::Writer& writer, uint64_t key, std::string_view mark) {
  writer.begin_object();
  writer.member("TableName", table_);
  write_item(writer, key, mark);
  writer.end_object();
}

void ItemCalls::write_item(json::Writer& writer, uint64_t key, std::string_view mark) {
  writer.key("Item");
  writer.begin_object();
  write_string_attribute(writer, kKeyName, key_text(grouped_ ? key / kGroupItems : key));
  if (grouped_) {
    write_string_attribute(writer, kSortKeyName, fmt::format("{:02}", key % kGroupItems));
  }
  if (indexed_) write_string_attribute(writer, kGroupName, fmt::format("g{:03}", key % 1000));
  write_string_attribute(writer, kPayloadName, payload(mark));
  writer.end_object();
}

void ItemCalls::query(uint64_t key, Call& call) {
  json::Writer writer = begin_body("Query", call);
  writer.member("TableName", table_);
  writer.member("KeyConditionExpression", "id = :id");
  writer.key("ExpressionAttributeValues");
  writer.begin_object();
  write_string_attribute(writer, ":id", key_text(key / kGroupItems));
  writer.end_object();
  writer.end_object();
}

void ItemCalls::batch(std::span<const uint64_t> keys, Call& call) {
  json::Writer writer = begin_body("BatchWriteItem", call);
  writer.key("RequestItems");
  writer.begin_object();
  writer.key(table_);
  writer.begin_array();
  for (const uint64_t key : keys) {
    writer.begin_object();
    writer.key("PutRequest");
    writer.begin_object();
    write_item(writer, key);
    writer.end_object();
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  writer.end_object();
}

void ItemCalls::batch_get(std::span<const uint64_t> keys, Call& call) {
  json::Writer writer = begin_body("BatchGetItem", call);
  writer.key("RequestItems");
  writer.begin_object();
  writer.key(table_);
  writer.begin_object();
  writer.key("Keys");
  writer.begin_array();
  for (const uint64_t key : keys) write_key(writer, key);
  writer.end_array();
  writer.end_object();
  writer.end_object();
  writer.end_object();
}

void ItemCalls::transact(std::span<const uint64_t> keys, Call& call) {
  json::Writer writer = begin_body("TransactWriteItems", call);
  writer.member("ClientRequestToken", random_.text(36, "0123456789abcdef"));
  writer.key("TransactItems");
  writer.begin_array();
  for (const uint64_t key : keys) {
    writer.begin_object();
    writer.key("Put");
    write_put_parameters(writer, key);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
}

void ItemCalls::update(uint64_t key, Call& call) {
  write_update(key, "SET payload = :payload ADD revision :one", true, call);
}

void ItemCalls::counter(uint64_t key, Call& call) {
  write_update(key, "ADD revision :one", false, call);
}

void ItemCalls::write_update(uint64_t key, std::string_view expression, bool with_payload,
                             Call& call) {
  json::Writer writer = begin_body("UpdateItem", call);
  writer.member("TableName", table_);
  writer.key("Key");
  write_key(writer, key);
  writer.member("UpdateExpression", expression);
  writer.key("ExpressionAttributeValues");
  writer.begin_object();
  if (with_payload) write_string_attribute(writer, ":payload", payload());
  writer.key(":one");
  writer.raw(R"({"N":"1"})");
  writer.end_object();
  writer.end_object();
}

bool LoadExchange::next(SteadyTime /*now*/, Call& call) {
  const uint64_t first = counter_.fetch_add(kBatchPuts, std::memory_order_relaxed);
  if (first >= items_) return false;
  std::vector<uint64_t> keys(std::min<uint64_t>(kBatchPuts, items_ - first));
  std::iota(keys.begin(), keys.end(), first);
  calls_.batch(keys, call);
  return true;
}

bool WorkloadExchange::is_over(SteadyTime now) {
  if (!options_.requests) return now >= deadline_;
  return counter_.fetch_add(1, std::memory_order_relaxed) >= *options_.requests;
}

Workload WorkloadExchange::draw_operation() {
  if (options_.workload != Workload::kMixed) return options_.workload;
  uint64_t draw = random_.below(4);
  if (draw < 2) return Workload::kGet;
  return draw == 2 ? Workload::kPut : Workload::kUpdate;
}

std::vector<uint64_t> WorkloadExchange::draw_distinct(size_t count) {
  std::vector<uint64_t> keys;
  while (keys.size() < std::min<uint64_t>(count, options_.items)) {
    const uint64_t key = random_.below(options_.items);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  return keys;
}

bool WorkloadExchange::next(SteadyTime now, Call& call) {
  if (is_over(now)) return false;
  uint64_t key = random_.below(options_.items);
  switch (draw_operation()) {
    case Workload::kGet:
      calls_.get(key, call);
      break;
    case Workload::kPut:
      calls_.put(key, call);
      break;
    case Workload::kQuery:
      calls_.query(key, call);
      break;
    case Workload::kBatch:
      calls_.batch(draw_distinct(kBatchPuts), call);
      break;
    case Workload::kBatchGet:
      calls_.batch_get(draw_distinct(kBatchGets), call);
      break;
    case Workload::kConditional:
      calls_.conditional_put(key, call);
      break;
    case Workload::kCounter:
      calls_.counter(key, call);
      break;
    case Workload::kTransact:
      calls_.transact(draw_distinct(kTransactPuts), call);
      break;
    default:
      calls_.update(key, call);
      break;
  }
  return true;
}

}  // namespace millrace::cli::bench
