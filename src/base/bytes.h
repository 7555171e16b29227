// Byte strings and their fixed and variable integer codecs, shared by everything that is stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace {

using Bytes = std::string;
using ByteView = std::string_view;

// Big-endian, so that byte order is numeric order.
void append_u32(Bytes& out, uint32_t value);
void append_u64(Bytes& out, uint64_t value);
// Overwrites the four bytes at `offset`.
void store_u32(Bytes& out, size_t offset, uint32_t value);
// LEB128, 1 to 10 bytes.
void append_varint(Bytes& out, uint64_t value);
// A varint length, then the bytes.
void append_sized(Bytes& out, ByteView bytes);

// Reads what the functions above wrote, from the front. Every read of truncated or malformed input
// returns nullopt and leaves the reader where it was. The views point into the input.
class ByteReader {
 public:
  explicit ByteReader(ByteView input) : rest_(input) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] ByteView rest() const { return rest_; }

  std::optional<uint8_t> read_u8();
  std::optional<uint32_t> read_u32();
  std::optional<uint64_t> read_u64();
  std::optional<uint64_t> read_varint();
  std::optional<ByteView> read_bytes(size_t count);
  std::optional<ByteView> read_sized();

 private:
  ByteView rest_;
};

}  // namespace millrace
