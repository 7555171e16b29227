// When items expire: for each item of a table with TTL that names a time, an entry in the order of
// the times (docs/formats/items.md), so that what has expired is found without looking at the rest.
#pragma once

#include <cstdint>
#include <optional>

#include "catalog/table.h"

namespace millrace::ops {

// Seconds since 1970 of the time that the item's TTL attribute holds, fractions dropped; nullopt
// when it holds none: only numbers count (Developer Guide, "Time to Live: computing").
[[nodiscard]] std::optional<uint64_t> expiry_seconds(const catalog::TimeToLive& time_to_live,
                                                     ByteView item);

[[nodiscard]] Bytes expiry_entry_key(uint64_t expiry_seconds, ByteView storage_key);

// The entries of all items that expire at `first_seconds` up to `last_seconds`.
[[nodiscard]] engine::KeyRange expiry_range(uint64_t first_seconds, uint64_t last_seconds);

// The storage key of the item that an entry is about.
[[nodiscard]] ByteView storage_key_of_expiry_entry(ByteView entry_key);

}  // namespace millrace::ops
