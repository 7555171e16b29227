#include "engine/rocksdb/key_layout.h"

namespace millrace::engine {

Bytes partition_prefix(PartitionId partition) {
  Bytes key;
  append_u64(key, partition);
  return key;
}

Bytes partition_end(PartitionId partition) {
  MILLRACE_CHECK(partition < UINT64_MAX);
  return partition_prefix(partition + 1);
}

Bytes item_key(PartitionId partition, ByteView key) {
  Bytes full;
  full.reserve(kPartitionPrefixBytes + key.size());
  append_u64(full, partition);
  full += key;
  return full;
}

Bytes log_key(PartitionId partition, LogPosition position) {
  Bytes key;
  key.reserve(kPartitionPrefixBytes + sizeof(position));
  append_u64(key, partition);
  append_u64(key, position);
  return key;
}

Bytes trim_mark_key(PartitionId partition) {
  return log_key(partition, 0);
}

std::optional<LogPosition> log_key_position(ByteView key) {
  ByteReader reader(key);
  if (!reader.read_u64()) return std::nullopt;
  const auto position = reader.read_u64();
  return reader.empty() ? position : std::nullopt;
}

Bytes encode_trim_mark(const LogRange& range) {
  Bytes value;
  append_u64(value, range.first);
  append_u64(value, range.next);
  return value;
}

std::optional<LogRange> decode_trim_mark(ByteView value) {
  ByteReader reader(value);
  const auto first = reader.read_u64();
  const auto next = reader.read_u64();
  if (!first || !next || !reader.empty() || *first > *next) return std::nullopt;
  return LogRange{.first = *first, .next = *next};
}

}  // namespace millrace::engine
