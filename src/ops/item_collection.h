// ItemCollectionMetrics: how large the items of one partition key, with their entries in local
// indexes, have become (Developer Guide, "Item collections in Local Secondary Indexes").
#pragma once

#include "json/document.h"
#include "json/writer.h"
#include "model/attribute_value.h"
#include "ops/item_write.h"

namespace millrace::ops {

// Whether ReturnItemCollectionMetrics asks for them.
[[nodiscard]] bool return_item_collection_metrics(json::Object input);

// The partition key's attribute and value, of an item's key attributes.
[[nodiscard]] Item collection_key(const catalog::KeySchema& schema, const Item& key_attributes);

// The object with ItemCollectionKey and SizeEstimateRangeGB.
void write_item_collection(json::Writer& writer, const Item& collection_key,
                           int64_t collection_bytes);

}  // namespace millrace::ops
