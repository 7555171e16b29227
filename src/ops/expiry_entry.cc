#include "ops/expiry_entry.h"

#include <charconv>

#include "model/item_encoding.h"

namespace millrace::ops {
namespace {

std::optional<uint64_t> whole_seconds(const AttributeValue& value) {
  const auto* number = value.get_if<Number>();
  if (number == nullptr || number->is_negative()) return std::nullopt;
  const std::string text = number->to_string();
  const std::string whole = text.substr(0, text.find('.'));
  uint64_t seconds = 0;
  auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
  if (error != std::errc() || end != whole.data() + whole.size()) return std::nullopt;
  return seconds;
}

}  // namespace

std::optional<uint64_t> expiry_seconds(const catalog::TimeToLive& time_to_live, ByteView item) {
  auto reader = EncodedReader::of_item(item);
  while (reader && reader->remaining() > 0) {
    auto name = reader->next_name();
    auto value = name ? reader->next() : std::nullopt;
    if (!value) return std::nullopt;
    if (*name != time_to_live.attribute_name) continue;
    if (value->type != AttributeType::kNumber) return std::nullopt;
    auto decoded = decode_value(*value);
    return decoded ? whole_seconds(*decoded) : std::nullopt;
  }
  return std::nullopt;
}

Bytes expiry_entry_key(uint64_t expiry_seconds, ByteView storage_key) {
  Bytes key;
  append_u64(key, expiry_seconds);
  key += storage_key;
  return key;
}

engine::KeyRange expiry_range(uint64_t first_seconds, uint64_t last_seconds) {
  return {expiry_entry_key(first_seconds, ""), expiry_entry_key(last_seconds + 1, "")};
}

ByteView storage_key_of_expiry_entry(ByteView entry_key) {
  return entry_key.substr(sizeof(uint64_t));
}

}  // namespace millrace::ops
