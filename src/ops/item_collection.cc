#include "ops/item_collection.h"

#include <fmt/format.h>

#include "json/attribute_value.h"
#include "ops/input.h"

namespace millrace::ops {

bool return_item_collection_metrics(json::Object input) {
  return optional_string(input, "ReturnItemCollectionMetrics") == "SIZE";
}

Item collection_key(const catalog::KeySchema& schema, const Item& key_attributes) {
  return {*key_attributes.find(schema.partition_key.name)};
}

void write_item_collection(json::Writer& writer, const Item& collection_key,
                           int64_t collection_bytes) {
  constexpr int64_t kGigabyte = 1024LL * 1024 * 1024;
  const int64_t whole_gigabytes = collection_bytes / kGigabyte;
  writer.begin_object();
  writer.key("ItemCollectionKey");
  json::write_attribute_map(writer, collection_key);
  writer.key("SizeEstimateRangeGB");
  writer.begin_array();
  writer.raw(fmt::format("{}.0", whole_gigabytes));
  writer.raw(fmt::format("{}.0", whole_gigabytes + 1));
  writer.end_array();
  writer.end_object();
}

}  // namespace millrace::ops
