#include "ops/batch_get_item.h"

#include <unordered_set>

#include <fmt/format.h>

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "ops/batch_request.h"
#include "ops/consumed_capacity.h"
#include "ops/input.h"
#include "ops/item_request.h"
#include "ops/legacy_projection.h"

namespace millrace::ops {
namespace {

constexpr std::string_view kOperation = "BatchGetItem";
constexpr size_t kKeysMax = 100;
constexpr size_t kResponseBytesMax = 16 * 1024 * 1024;

// What is asked of one table.
struct TableReads {
  BatchEntry entry;
  json::Object request;
  std::vector<json::Element> keys_as_given;
  std::vector<Item> key_attributes;
  std::optional<expr::Projection> projection;
  bool consistent = false;
  catalog::TablePointer table;
  std::vector<ItemKey> keys;
};

std::vector<json::Element> elements_of_keys(json::Object request) {
  std::vector<json::Element> keys;
  const json::Array array = json::member(request, "Keys")->get_array().value_unsafe();
  for (const json::Element key : array) {
    if (key.is_object()) keys.push_back(key);
  }
  return keys;
}

Status check_key_count(const TableReads& reads) {
  if (reads.keys_as_given.size() <= kKeysMax) return Done{};
  return validation_error(
      fmt::format("1 validation error detected: Value at 'RequestItems.{}.member.Keys' failed to "
                  "satisfy constraint: Member must have length less than or equal to {}",
                  reads.entry.table_name, kKeysMax));
}

Result<std::optional<expr::Projection>> read_projection(json::Object request) {
  TRY(check_expression_parameters(request, {"ProjectionExpression"}, {"AttributesToGet"}));
  auto projection = TRY(read_attributes_to_get(request));
  const auto attributes = TRY(read_expression_attributes(request));
  expr::Placeholders placeholders(attributes.names, attributes.values);
  if (auto text = optional_string(request, "ProjectionExpression")) {
    projection = TRY(TRY(expr::Projection::parse(*text)).bind(placeholders));
  }
  TRY(placeholders.check_all_used());
  return projection;
}

Result<std::vector<Item>> read_keys(const std::vector<json::Element>& keys) {
  std::vector<Item> read;
  std::unordered_set<Bytes> seen;
  for (const json::Element key : keys) {
    read.push_back(TRY(json::read_attribute_map(key)));
    if (!seen.insert(encode_item(read.back())).second) return duplicate_keys();
  }
  return read;
}

// What can be said without looking at the tables comes first, for all of them.
Result<std::vector<TableReads>> read_batch(const Call& call) {
  std::vector<TableReads> batch;
  for (const BatchEntry& entry : TRY(read_request_items(call, kOperation))) {
    TableReads reads;
    reads.entry = entry;
    if (entry.value.get(reads.request) != simdjson::SUCCESS) continue;
    reads.keys_as_given = elements_of_keys(reads.request);
    TRY(check_key_count(reads));
    batch.push_back(std::move(reads));
  }
  size_t key_count = 0;
  for (TableReads& reads : batch) {
    reads.projection = TRY(read_projection(reads.request));
    reads.consistent = optional_boolean(reads.request, "ConsistentRead").value_or(false);
    reads.key_attributes = TRY(read_keys(reads.keys_as_given));
    key_count += reads.key_attributes.size();
    if (key_count > kKeysMax) return too_many_items(kOperation);
  }
  for (TableReads& reads : batch) {
    reads.table = TRY(find_table_of_entry(call.database, reads.entry.table_name));
    for (Item& key : reads.key_attributes) {
      reads.keys.push_back(TRY(key_from_key(reads.table->key_schema, std::move(key))));
    }
  }
  return batch;
}

// Gathers the response: items until it is full, and from there on the keys to ask for again.
class BatchResponse {
 public:
  explicit BatchResponse(const Database& database) : database_(database) {
    responses_.begin_object();
    unprocessed_.begin_object();
  }

  Status add(const TableReads& reads) {
    auto admitted = database_.throttle->admit_read(*reads.table, nullptr);
    if (!admitted.ok()) {
      refused_ = std::move(admitted);
      write_unprocessed(reads, 0);
      return Done{};
    }
    responses_.key(reads.entry.table_name);
    responses_.begin_array();
    double units = 0;
    size_t read = 0;
    for (; read < reads.keys.size() && !full_; ++read) {
      auto item = TRY(get(reads, reads.keys[read]));
      const size_t bytes = item ? encoded_item_size_bytes(*item).value_or(0) : 0;
      full_ = bytes_ + bytes > kResponseBytesMax;
      if (full_) break;
      bytes_ += bytes;
      units += read_units(bytes, reads.consistent);
      if (item) TRY(write_stored_item(responses_, *item, reads.projection));
    }
    responses_.end_array();
    if (read < reads.keys.size()) write_unprocessed(reads, read);
    if (read == 0) return Done{};
    units_.push_back({reads.table->name, units, {}});
    database_.throttle->charge(CapacityKind::kRead, *reads.table, units_.back());
    return Done{};
  }

  // ProvisionedThroughputExceededException when that kept all of it from being read.
  Result<std::string> finish(ReturnConsumedCapacity wanted) {
    if (units_.empty()) TRY(std::move(refused_));
    responses_.end_object();
    unprocessed_.end_object();
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    writer.key("Responses");
    writer.raw(responses_text_);
    writer.key("UnprocessedKeys");
    writer.raw(unprocessed_text_);
    write_consumed_capacity_list(writer, wanted, units_);
    writer.end_object();
    return out;
  }

 private:
  [[nodiscard]] Result<std::optional<Bytes>> get(const TableReads& reads,
                                                 const ItemKey& key) const {
    return database_.engine.get(reads.table->items_partition, key.storage_key);
  }

  // A request of the same form, so that the client can send it as it is.
  void write_unprocessed(const TableReads& reads, size_t first) {
    unprocessed_.key(reads.entry.table_name);
    unprocessed_.begin_object();
    unprocessed_.key("Keys");
    unprocessed_.begin_array();
    for (size_t i = first; i < reads.keys_as_given.size(); ++i) {
      unprocessed_.raw(simdjson::minify(reads.keys_as_given[i]));
    }
    unprocessed_.end_array();
    for (std::string_view name : {"AttributesToGet", "ConsistentRead", "ProjectionExpression",
                                  "ExpressionAttributeNames"}) {
      auto member = json::member(reads.request, name);
      if (!member) continue;
      unprocessed_.key(name);
      unprocessed_.raw(simdjson::minify(*member));
    }
    unprocessed_.end_object();
  }

  const Database& database_;
  std::string responses_text_;
  std::string unprocessed_text_;
  json::Writer responses_{responses_text_};
  json::Writer unprocessed_{unprocessed_text_};
  size_t bytes_ = 0;
  bool full_ = false;
  std::vector<TableUnits> units_;
  Status refused_ = Done{};  // what the last table was not admitted for
};

}  // namespace

Result<std::string> batch_get_item(const Call& call) {
  const auto batch = TRY(read_batch(call));
  BatchResponse response(call.database);
  for (const TableReads& reads : batch) TRY(response.add(reads));
  return response.finish(return_consumed_capacity(call.input));
}

}  // namespace millrace::ops
