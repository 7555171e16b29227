#include "ops/batch_write_item.h"

#include <mutex>
#include <unordered_set>

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "model/item_size.h"
#include "ops/batch_request.h"
#include "ops/consumed_capacity.h"
#include "ops/index_key_check.h"
#include "ops/input.h"
#include "ops/item_collection.h"
#include "ops/item_request.h"
#include "ops/item_write.h"
#include "ops/table_result.h"

namespace millrace::ops {
namespace {

constexpr std::string_view kOperation = "BatchWriteItem";
constexpr size_t kWritesMax = 25;

struct BatchedWrite {
  Item attributes;  // of the item, or of the key
  bool is_put = false;
  ItemKey key;
};

struct TableWrites {
  std::string_view name_as_given;
  json::Element requests;
  std::vector<BatchedWrite> writes;
  catalog::TablePointer table;
};

// Both, or neither, is worded as if it were an attribute value.
Result<json::Object> check_one_request(json::Element element) {
  json::Object write;
  if (element.get(write) == simdjson::SUCCESS &&
      json::member(write, "PutRequest").has_value() !=
          json::member(write, "DeleteRequest").has_value()) {
    return write;
  }
  return validation_error(
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
      "supported datatypes");
}

Result<BatchedWrite> read_write(json::Object request) {
  BatchedWrite write;
  if (auto put = optional_object(request, "PutRequest")) {
    write.is_put = true;
    write.attributes = TRY(json::read_attribute_map(*json::member(*put, "Item")));
    if (item_size_bytes(write.attributes) > kItemBytesMax) {
      return validation_error("Item size has exceeded the maximum allowed size");
    }
  } else if (auto remove = optional_object(request, "DeleteRequest")) {
    write.attributes = TRY(json::read_attribute_map(*json::member(*remove, "Key")));
  }
  return write;
}

Result<TableWrites> read_entry(const BatchEntry& entry) {
  TableWrites writes{entry.table_name, entry.value, {}, nullptr};
  json::Array requests;
  if (entry.value.get(requests) != simdjson::SUCCESS) return writes;
  std::vector<json::Object> objects;
  for (json::Element element : requests) {
    objects.push_back(TRY(check_one_request(element)));
  }
  for (json::Object request : objects) writes.writes.push_back(TRY(read_write(request)));
  return writes;
}

// An item without its key is worded as a key that does not fit, unlike PutItem's.
Result<ItemKey> find_key(const catalog::KeySchema& schema, BatchedWrite& write) {
  if (!write.is_put) return key_from_key(schema, std::move(write.attributes));
  auto fits = [&](const catalog::KeyAttribute& attribute) {
    auto found = write.attributes.find(attribute.name);
    return found != write.attributes.end() && found->second.type() == attribute.type;
  };
  if (!fits(schema.partition_key) || (schema.sort_key && !fits(*schema.sort_key))) {
    return validation_error("The provided key element does not match the schema");
  }
  return key_from_item(schema, write.attributes);
}

Status find_keys(TableWrites& writes) {
  std::unordered_set<Bytes> seen;
  for (BatchedWrite& write : writes.writes) {
    write.key = TRY(find_key(writes.table->key_schema, write));
    if (write.is_put) TRY(check_index_keys(*writes.table, write.attributes));
    if (!seen.insert(write.key.storage_key).second) return duplicate_keys();
  }
  return Done{};
}

// Everything that can be refused is refused before anything is written.
Result<std::vector<TableWrites>> read_batch(const Call& call) {
  std::vector<TableWrites> batch;
  size_t write_count = 0;
  for (const BatchEntry& entry : TRY(read_request_items(call, kOperation))) {
    batch.push_back(TRY(read_entry(entry)));
    write_count += batch.back().writes.size();
  }
  if (write_count > kWritesMax) return too_many_items(kOperation);
  for (TableWrites& writes : batch) {
    writes.table = TRY(find_table_of_entry(call.database, writes.name_as_given));
    TRY(find_keys(writes));
  }
  return batch;
}

// Takes out what the tables have no units for and returns it as UnprocessedItems, to be sent again.
// ProvisionedThroughputExceededException when nothing is left.
Result<std::string> take_unprocessed(Throttle& throttle, std::vector<TableWrites>& batch) {
  std::string unprocessed;
  json::Writer writer(unprocessed);
  writer.begin_object();
  Status refused = Done{};
  std::vector<TableWrites> admitted;
  for (TableWrites& writes : batch) {
    auto status = throttle.admit_write(*writes.table);
    if (status.ok()) {
      admitted.push_back(std::move(writes));
      continue;
    }
    refused = std::move(status);
    writer.key(writes.name_as_given);
    writer.raw(simdjson::minify(writes.requests));
  }
  writer.end_object();
  if (admitted.empty()) TRY(std::move(refused));
  batch = std::move(admitted);
  return unprocessed;
}

std::string write_response(const std::vector<TableResult>& tables, const WantedMetrics& wanted,
                           std::string_view unprocessed) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("UnprocessedItems");
  writer.raw(unprocessed);
  write_table_results(writer, tables, wanted);
  writer.end_object();
  return out;
}

// Replies when the last of the writes is done, with the first error if there was one. Shared by the
// callbacks of the writes, which come from any thread.
class JoinedWrites {
 public:
  JoinedWrites(std::vector<TableResult> tables, size_t write_count, WantedMetrics wanted,
               std::string unprocessed, Reply reply)
      : wanted_(wanted),
        unprocessed_(std::move(unprocessed)),
        reply_(std::move(reply)),
        tables_(std::move(tables)),
        remaining_(write_count) {}

  void done(size_t table, const Item& collection_key, Result<WrittenItem> written) {
    {
      std::lock_guard lock(mutex_);
      if (written.ok()) {
        tables_[table].add(*written, collection_key, 1);
      } else if (status_.ok()) {
        status_ = std::move(written).error();
      }
      if (--remaining_ > 0) return;
    }
    if (!status_.ok()) return reply_(std::move(status_).error());
    reply_(write_response(tables_, wanted_, unprocessed_));
  }

 private:
  const WantedMetrics wanted_;
  const std::string unprocessed_;
  const Reply reply_;
  std::mutex mutex_;
  std::vector<TableResult> tables_;  // guarded by mutex_
  Status status_ = Done{};           // guarded by mutex_
  size_t remaining_;                 // guarded by mutex_
};

}  // namespace

void batch_write_item(const Call& call, Reply reply) {
  auto batch = read_batch(call);
  if (!batch.ok()) return reply(std::move(batch).error());
  auto unprocessed = take_unprocessed(*call.database.throttle, *batch);
  if (!unprocessed.ok()) return reply(std::move(unprocessed).error());
  std::vector<TableResult> tables;
  size_t write_count = 0;
  for (const TableWrites& writes : *batch) {
    tables.push_back({std::string(writes.name_as_given), {writes.table->name, 0, {}}, {}});
    write_count += writes.writes.size();
  }
  const WantedMetrics wanted = wanted_metrics(call.input);
  auto joined = std::make_shared<JoinedWrites>(std::move(tables), write_count, wanted,
                                               std::move(*unprocessed), std::move(reply));
  for (size_t table = 0; table < batch->size(); ++table) {
    for (BatchedWrite& write : (*batch)[table].writes) {
      std::optional<Bytes> after;
      if (write.is_put) after = encode_item(write.attributes);
      Item key = collection_key((*batch)[table].table->key_schema, write.key.attributes);
      write_admitted_item(
          call.database, *(*batch)[table].table, std::move(write.key),
          [after = std::move(after)](const std::optional<Bytes>&) -> Result<std::optional<Bytes>> {
            return after;
          },
          [joined, table, key = std::move(key)](Result<WrittenItem> written) {
            joined->done(table, key, std::move(written));
          },
          call.observer);
    }
  }
}

}  // namespace millrace::ops
