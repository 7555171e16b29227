// Keys of the spool in the partition kAuditPartition (docs/formats/audit.md).
#pragma once

#include <string>

#include "audit/spool.h"
#include "catalog/catalog.h"

namespace millrace::audit {

inline constexpr std::string_view kBlockPrefix = "b/";
inline constexpr std::string_view kCursorPrefix = "c/";

[[nodiscard]] inline Bytes block_key(EventNumber number) {
  Bytes key(kBlockPrefix);
  append_u64(key, number);
  return key;
}
[[nodiscard]] inline EventNumber number_of(ByteView block_key) {
  return ByteReader(block_key.substr(kBlockPrefix.size())).read_u64().value_or(0);
}
[[nodiscard]] inline engine::KeyRange block_keys(EventNumber from, EventNumber to) {
  return {block_key(from), block_key(to)};
}

[[nodiscard]] inline Bytes cursor_key(std::string_view consumer) {
  return Bytes(kCursorPrefix) + Bytes(consumer);
}
[[nodiscard]] inline std::string consumer_of(ByteView cursor_key) {
  return std::string(cursor_key.substr(kCursorPrefix.size()));
}
[[nodiscard]] inline engine::KeyRange cursor_keys() {
  return {Bytes(kCursorPrefix), Bytes("c0")};  // '0' follows '/'
}
[[nodiscard]] inline Bytes encode_cursor(EventNumber number) {
  Bytes value;
  append_u64(value, number);
  return value;
}
[[nodiscard]] inline EventNumber decode_cursor(ByteView value) {
  return ByteReader(value).read_u64().value_or(0);
}

// Of blocks alone.
[[nodiscard]] inline uint64_t commit_bytes(const engine::PartitionCommit& commit) {
  uint64_t bytes = 0;
  for (const engine::Mutation& mutation : commit.mutations) {
    const auto& put = std::get<engine::Put>(mutation);
    bytes += put.key.size() + put.value.size();
  }
  return bytes;
}

}  // namespace millrace::audit
