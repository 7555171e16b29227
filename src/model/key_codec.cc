#include "model/key_codec.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/check.h"

namespace millrace {
namespace {

Bytes delimited(const AttributeValue& key) {
  Bytes out;
  if (const auto* text = key.get_if<std::string>()) {
    append_sized(out, *text);
  } else if (const auto* binary = key.get_if<Binary>()) {
    append_sized(out, binary->bytes);
  } else {
    const auto* number = key.get_if<Number>();
    MILLRACE_CHECK(number != nullptr);
    number->encode(out);
  }
  return out;
}

uint64_t hash_of(ByteView bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace

uint64_t hash_of_partition_key(const AttributeValue& partition_key) {
  return hash_of(delimited(partition_key));
}

Bytes encode_partition_key(const AttributeValue& partition_key) {
  const Bytes key = delimited(partition_key);
  Bytes out;
  out.reserve(8 + key.size());
  append_u64(out, hash_of(key));
  out += key;
  return out;
}

void append_sort_key(Bytes& out, const AttributeValue& sort_key) {
  if (const auto* text = sort_key.get_if<std::string>()) {
    out += *text;
  } else if (const auto* binary = sort_key.get_if<Binary>()) {
    out += binary->bytes;
  } else {
    const auto* number = sort_key.get_if<Number>();
    MILLRACE_CHECK(number != nullptr);
    number->encode(out);
  }
}

}  // namespace millrace
