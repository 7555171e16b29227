#include "model/key_codec.h"

#include <cstring>
#include <endian.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/check.h"

namespace millrace {
namespace {

constexpr size_t kHashBytes = sizeof(uint64_t);

const Bytes* bytes_of(const AttributeValue& value) {
  if (const auto* text = value.get_if<std::string>()) return text;
  if (const auto* binary = value.get_if<Binary>()) return &binary->bytes;
  return nullptr;
}

void append_number(Bytes& out, const AttributeValue& value) {
  const auto* number = value.get_if<Number>();
  MILLRACE_CHECK(number != nullptr);
  number->encode(out);
}

void append_delimited(Bytes& out, const AttributeValue& key) {
  if (const Bytes* bytes = bytes_of(key)) {
    append_sized(out, *bytes);
  } else {
    append_number(out, key);
  }
}

// Room for the hash of what is appended to it.
Bytes begin_with_hash() {
  return Bytes(kHashBytes, '\0');
}

Bytes with_hash(Bytes key) {
  const uint64_t hash = htobe64(XXH3_64bits(key.data() + kHashBytes, key.size() - kHashBytes));
  std::memcpy(key.data(), &hash, kHashBytes);
  return key;
}

// A zero byte becomes 00 FF, so that 00 00 can end a text and sorts below all that goes on.
void append_escaped(Bytes& out, ByteView bytes) {
  for (char byte : bytes) {
    out.push_back(byte);
    if (byte == '\0') out.push_back('\xFF');
  }
}

}  // namespace

Bytes encode_partition_key(const AttributeValue& partition_key) {
  Bytes key = begin_with_hash();
  append_delimited(key, partition_key);
  return with_hash(std::move(key));
}

Bytes encode_partition_key(const std::vector<AttributeValue>& partition_keys) {
  Bytes key = begin_with_hash();
  for (const AttributeValue& value : partition_keys) append_delimited(key, value);
  return with_hash(std::move(key));
}

size_t partition_key_bytes(ByteView key, AttributeType type) {
  ByteReader reader(key);
  bool read = reader.read_u64().has_value();
  read = read && (type == AttributeType::kNumber ? Number::decode(reader).has_value()
                                                 : reader.read_sized().has_value());
  MILLRACE_CHECK(read);
  return key.size() - reader.rest().size();
}

void append_sort_key(Bytes& out, const AttributeValue& sort_key) {
  if (const Bytes* bytes = bytes_of(sort_key)) {
    out += *bytes;
  } else {
    append_number(out, sort_key);
  }
}

void append_delimited_sort_key(Bytes& out, const AttributeValue& sort_key) {
  if (bytes_of(sort_key) == nullptr) return append_number(out, sort_key);
  append_delimited_sort_key_prefix(out, sort_key);
  out.append(2, '\0');
}

void append_delimited_sort_key_prefix(Bytes& out, const AttributeValue& prefix) {
  const Bytes* bytes = bytes_of(prefix);
  MILLRACE_CHECK(bytes != nullptr);
  append_escaped(out, *bytes);
}

}  // namespace millrace
