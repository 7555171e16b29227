#include "model/key_codec.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/check.h"

namespace millrace {
namespace {

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

uint64_t hash_of(ByteView bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

Bytes with_hash(const Bytes& key) {
  Bytes out;
  out.reserve(8 + key.size());
  append_u64(out, hash_of(key));
  out += key;
  return out;
}

// A zero byte becomes 00 FF, so that 00 00 can end a text and sorts below all that goes on.
void append_escaped(Bytes& out, ByteView bytes) {
  for (char byte : bytes) {
    out.push_back(byte);
    if (byte == '\0') out.push_back('\xFF');
  }
}

}  // namespace

uint64_t hash_of_partition_key(const AttributeValue& partition_key) {
  Bytes key;
  append_delimited(key, partition_key);
  return hash_of(key);
}

Bytes encode_partition_key(const AttributeValue& partition_key) {
  Bytes key;
  append_delimited(key, partition_key);
  return with_hash(key);
}

Bytes encode_partition_key(const std::vector<AttributeValue>& partition_keys) {
  Bytes key;
  for (const AttributeValue& value : partition_keys) append_delimited(key, value);
  return with_hash(key);
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
