#include "ops/partition_statistics.h"

namespace millrace::ops {
namespace {

void append(Bytes& out, const SizeStatistics& statistics) {
  append_varint(out, static_cast<uint64_t>(statistics.item_count));
  append_varint(out, static_cast<uint64_t>(statistics.item_bytes));
}

SizeStatistics half(const SizeStatistics& whole) {
  return {whole.item_count / 2, whole.item_bytes / 2};
}

SizeStatistics other_half(const SizeStatistics& whole) {
  return {whole.item_count - whole.item_count / 2, whole.item_bytes - whole.item_bytes / 2};
}

std::optional<SizeStatistics> read(ByteReader& reader) {
  auto count = reader.read_varint();
  auto bytes = reader.read_varint();
  if (!count || !bytes) return std::nullopt;
  return SizeStatistics{static_cast<int64_t>(*count), static_cast<int64_t>(*bytes)};
}

}  // namespace

SizeStatistics& SizeStatistics::operator+=(const SizeStatistics& other) {
  item_count += other.item_count;
  item_bytes += other.item_bytes;
  return *this;
}

PartitionStatistics& PartitionStatistics::operator+=(const PartitionStatistics& other) {
  items += other.items;
  for (const auto& [number, statistics] : other.indexes) indexes[number] += statistics;
  return *this;
}

SizeStatistics PartitionStatistics::of_index(uint32_t number) const {
  auto found = indexes.find(number);
  return found == indexes.end() ? SizeStatistics{} : found->second;
}

std::pair<PartitionStatistics, PartitionStatistics> halves(const PartitionStatistics& statistics) {
  std::pair<PartitionStatistics, PartitionStatistics> both;
  both.first.items = half(statistics.items);
  both.second.items = other_half(statistics.items);
  for (const auto& [number, index] : statistics.indexes) {
    both.first.indexes[number] = half(index);
    both.second.indexes[number] = other_half(index);
  }
  return both;
}

Bytes encode_statistics(const PartitionStatistics& statistics) {
  Bytes out;
  append(out, statistics.items);
  for (const auto& [number, index] : statistics.indexes) {
    append_varint(out, number);
    append(out, index);
  }
  return out;
}

std::optional<PartitionStatistics> decode_statistics(ByteView bytes) {
  ByteReader reader(bytes);
  PartitionStatistics statistics;
  auto items = read(reader);
  if (!items) return std::nullopt;
  statistics.items = *items;
  while (!reader.empty()) {
    auto number = reader.read_varint();
    auto index = read(reader);
    if (!number || !index) return std::nullopt;
    statistics.indexes[static_cast<uint32_t>(*number)] = *index;
  }
  return statistics;
}

}  // namespace millrace::ops
