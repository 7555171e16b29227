#include "ops/batch_write_item.h"

#include <mutex>
#include <unordered_set>

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "model/item_size.h"
#include "ops/batch_request.h"
#include "ops/consumed_capacity.h"
#include "ops/input.h"
#include "ops/item_request.h"
#include "ops/item_write.h"

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
  TableWrites writes{entry.table_name, {}, nullptr};
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

size_t bytes_of(const std::optional<Bytes>& item) {
  return item ? encoded_item_size_bytes(*item).value_or(0) : 0;
}

// Replies when the last of the writes is done, with the first error if there was one. Shared by the
// callbacks of the writes, which come from any thread.
class JoinedWrites {
 public:
  JoinedWrites(std::vector<TableUnits> units, size_t write_count, ReturnConsumedCapacity wanted,
               Reply reply)
      : wanted_(wanted),
        reply_(std::move(reply)),
        units_(std::move(units)),
        remaining_(write_count) {}

  void done(size_t table, Result<WrittenItem> written) {
    {
      std::lock_guard lock(mutex_);
      if (written.ok()) {
        units_[table].units += write_units(bytes_of(written->before), bytes_of(written->after));
      } else if (status_.ok()) {
        status_ = std::move(written).error();
      }
      if (--remaining_ > 0) return;
    }
    finish();
  }

 private:
  void finish() {
    if (!status_.ok()) return reply_(std::move(status_).error());
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    writer.key("UnprocessedItems");
    writer.begin_object();
    writer.end_object();
    write_consumed_capacity_list(writer, wanted_, units_);
    writer.end_object();
    reply_(std::move(out));
  }

  const ReturnConsumedCapacity wanted_;
  const Reply reply_;
  std::mutex mutex_;
  std::vector<TableUnits> units_;  // guarded by mutex_
  Status status_ = Done{};         // guarded by mutex_
  size_t remaining_;               // guarded by mutex_
};

}  // namespace

void batch_write_item(const Call& call, Reply reply) {
  auto batch = read_batch(call);
  if (!batch.ok()) return reply(std::move(batch).error());
  std::vector<TableUnits> units;
  size_t write_count = 0;
  for (const TableWrites& writes : *batch) {
    units.push_back({writes.table->name, 0});
    write_count += writes.writes.size();
  }
  auto joined = std::make_shared<JoinedWrites>(
      std::move(units), write_count, return_consumed_capacity(call.input), std::move(reply));
  for (size_t table = 0; table < batch->size(); ++table) {
    for (BatchedWrite& write : (*batch)[table].writes) {
      std::optional<Bytes> after;
      if (write.is_put) after = encode_item(write.attributes);
      write_item(
          call.database, *(*batch)[table].table, std::move(write.key),
          [after = std::move(after)](const std::optional<Bytes>&) -> Result<std::optional<Bytes>> {
            return after;
          },
          [joined, table](Result<WrittenItem> written) {
            joined->done(table, std::move(written));
          });
    }
  }
}

}  // namespace millrace::ops
