// Primary keys as storage keys (docs/formats/items.md). Within a partition, items lie in the order
// of the hash of their partition key, then of the partition key, then of the sort key.
#pragma once

#include <cstdint>

#include "model/attribute_value.h"

namespace millrace {

// Asserts that the value is a string, number or binary: what a key attribute may be.
[[nodiscard]] uint64_t hash_of_partition_key(const AttributeValue& partition_key);

// Everything that items of one partition key share at the front of their storage keys.
[[nodiscard]] Bytes encode_partition_key(const AttributeValue& partition_key);

// In byte order of the encodings, sort keys compare as the service orders them: numbers
// numerically, strings and binaries by unsigned bytes.
void append_sort_key(Bytes& out, const AttributeValue& sort_key);

}  // namespace millrace
