// Keys and values as they lie in the column families. docs/formats/engine.md is their page.
#pragma once

#include "engine/engine.h"

namespace millrace::engine {

inline constexpr size_t kPartitionPrefixBytes = 8;

// The prefix of all keys of the partition, which is also below them all.
[[nodiscard]] Bytes partition_prefix(PartitionId partition);
// Above all keys of the partition. Asserts that it is not the last possible one.
[[nodiscard]] Bytes partition_end(PartitionId partition);
[[nodiscard]] Bytes item_key(PartitionId partition, ByteView key);
[[nodiscard]] Bytes log_key(PartitionId partition, LogPosition position);
// Nullopt when `key` is not a key of the log.
[[nodiscard]] std::optional<LogPosition> log_key_position(ByteView key);

// The trim mark lies in the log, below all its records, where position 0 would be.
[[nodiscard]] Bytes trim_mark_key(PartitionId partition);
// Its value: where the log began and ended when it was last trimmed.
[[nodiscard]] Bytes encode_trim_mark(const LogRange& range);
[[nodiscard]] std::optional<LogRange> decode_trim_mark(ByteView value);

}  // namespace millrace::engine
