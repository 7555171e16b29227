#include "base/bytes.h"

namespace millrace {
namespace {

template <typename Integer>
void append_big_endian(Bytes& out, Integer value) {
  char buffer[sizeof(Integer)];
  for (size_t i = 0; i < sizeof(Integer); ++i) {
    buffer[i] = static_cast<char>(value >> (8 * (sizeof(Integer) - 1 - i)));
  }
  out.append(buffer, sizeof(buffer));
}

template <typename Integer>
Integer load_big_endian(ByteView bytes) {
  Integer value = 0;
  for (size_t i = 0; i < sizeof(Integer); ++i) {
    value = static_cast<Integer>((value << 8) | static_cast<uint8_t>(bytes[i]));
  }
  return value;
}

}  // namespace

void append_u32(Bytes& out, uint32_t value) {
  append_big_endian(out, value);
}
void append_u64(Bytes& out, uint64_t value) {
  append_big_endian(out, value);
}

void store_u32(Bytes& out, size_t offset, uint32_t value) {
  for (size_t i = 0; i < 4; ++i) out[offset + i] = static_cast<char>(value >> (8 * (3 - i)));
}

void append_varint(Bytes& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void append_sized(Bytes& out, ByteView bytes) {
  append_varint(out, bytes.size());
  out.append(bytes);
}

std::optional<uint8_t> ByteReader::read_u8() {
  if (rest_.empty()) return std::nullopt;
  auto value = static_cast<uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

std::optional<uint32_t> ByteReader::read_u32() {
  auto bytes = read_bytes(4);
  if (!bytes) return std::nullopt;
  return load_big_endian<uint32_t>(*bytes);
}

std::optional<uint64_t> ByteReader::read_u64() {
  auto bytes = read_bytes(8);
  if (!bytes) return std::nullopt;
  return load_big_endian<uint64_t>(*bytes);
}

std::optional<uint64_t> ByteReader::read_varint() {
  uint64_t value = 0;
  for (size_t i = 0; i < rest_.size() && i < 10; ++i) {
    auto byte = static_cast<uint8_t>(rest_[i]);
    if (i == 9 && byte > 1) return std::nullopt;
    value |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if ((byte & 0x80) == 0) {
      rest_.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

std::optional<ByteView> ByteReader::read_bytes(size_t count) {
  if (rest_.size() < count) return std::nullopt;
  ByteView bytes = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return bytes;
}

std::optional<ByteView> ByteReader::read_sized() {
  ByteReader ahead = *this;
  auto size = ahead.read_varint();
  if (!size) return std::nullopt;
  auto bytes = ahead.read_bytes(*size);
  if (bytes) *this = ahead;
  return bytes;
}

}  // namespace millrace
