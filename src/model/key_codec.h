// Primary keys as storage keys (docs/formats/items.md). Within a partition, items lie in the order
// of the hash of their partition key, then of the partition key, then of the sort key.
#pragma once

#include <cstdint>
#include <vector>

#include "model/attribute_value.h"

namespace millrace {

// Of strings and binaries (Developer Guide, "Quotas": partition and sort keys).
inline constexpr size_t kPartitionKeyBytesMax = 2048;
inline constexpr size_t kSortKeyBytesMax = 1024;

// All assert that the value is a string, number or binary: what a key attribute may be.

// Everything that items of one partition key share at the front of their storage keys: a hash of
// eight bytes, then the key.
[[nodiscard]] Bytes encode_partition_key(const AttributeValue& partition_key);
// Likewise for an index whose partition key has several attributes.
[[nodiscard]] Bytes encode_partition_key(const std::vector<AttributeValue>& partition_keys);
// Bytes that encode_partition_key() wrote at the front of `key`, for a value of `type`.
[[nodiscard]] size_t partition_key_bytes(ByteView key, AttributeType type);

// In byte order of the encodings, sort keys compare as the service orders them: numbers
// numerically, strings and binaries by unsigned bytes.
void append_sort_key(Bytes& out, const AttributeValue& sort_key);
// The same order, for a sort key that others follow: no encoding is the beginning of another.
void append_delimited_sort_key(Bytes& out, const AttributeValue& sort_key);
// What the delimited encodings of all sort keys have in front that begin with `prefix`, a string or
// binary.
void append_delimited_sort_key_prefix(Bytes& out, const AttributeValue& prefix);

}  // namespace millrace
