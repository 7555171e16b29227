// How much a partition holds; stored with every commit that changes it (docs/formats/items.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "base/bytes.h"

namespace millrace::ops {

struct SizeStatistics {
  int64_t item_count = 0;
  int64_t item_bytes = 0;

  SizeStatistics& operator+=(const SizeStatistics& other);
  friend bool operator==(const SizeStatistics&, const SizeStatistics&) = default;
};

struct PartitionStatistics {
  SizeStatistics items;
  // Of the entries of the partition's items, by the number of their index.
  std::map<uint32_t, SizeStatistics> indexes;

  PartitionStatistics& operator+=(const PartitionStatistics& other);
  // Zeros for an index without entries.
  [[nodiscard]] SizeStatistics of_index(uint32_t number) const;
};

// Two that sum up to it.
[[nodiscard]] std::pair<PartitionStatistics, PartitionStatistics> halves(
    const PartitionStatistics& statistics);

[[nodiscard]] Bytes encode_statistics(const PartitionStatistics& statistics);
// nullopt when the bytes are not that.
[[nodiscard]] std::optional<PartitionStatistics> decode_statistics(ByteView bytes);

}  // namespace millrace::ops
