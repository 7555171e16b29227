#include "ops/storage_key.h"

#include "model/key_codec.h"

namespace millrace::ops {

ItemKey make_item_key(const catalog::KeySchema& schema, Item attributes) {
  ItemKey key;
  const AttributeValue& partition_key = attributes.find(schema.partition_key.name)->second;
  key.hash = hash_of_partition_key(partition_key);
  key.storage_key = Bytes(1, kItemTag) + encode_partition_key(partition_key);
  if (schema.sort_key) {
    append_sort_key(key.storage_key, attributes.find(schema.sort_key->name)->second);
  }
  key.attributes = std::move(attributes);
  return key;
}

}  // namespace millrace::ops
