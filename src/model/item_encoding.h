// How items and values are stored (docs/formats/items.md). Canonical: two items are equal exactly
// when their encodings are, so "changes nothing" is a comparison of bytes.
#pragma once

#include <optional>

#include "model/attribute_value.h"

namespace millrace {

void encode_value(Bytes& out, const AttributeValue& value);
[[nodiscard]] Bytes encode_item(const AttributeMap& item);
// item_size_bytes() of the item, which its encoding begins with.
[[nodiscard]] std::optional<size_t> encoded_item_size_bytes(ByteView item);

// The views below point into the encoded bytes and live no longer than they do. Every read of
// malformed bytes returns nullopt.

// One stored value, not decoded.
struct EncodedValue {
  AttributeType type;
  // What follows the type: see docs/formats/items.md.
  ByteView payload;
};

// Reads `count` values, each with its name when they are a map's, in order.
class EncodedReader {
 public:
  // Over a whole item.
  static std::optional<EncodedReader> of_item(ByteView item);
  // Over the members of a map, list or set. Set members come as values of their element type.
  static std::optional<EncodedReader> of_container(const EncodedValue& container);

  [[nodiscard]] uint64_t remaining() const { return remaining_; }
  // Whether all values are read and nothing lies behind them.
  [[nodiscard]] bool exhausted() const { return remaining_ == 0 && reader_.empty(); }
  // Only for items and maps, before next().
  std::optional<ByteView> next_name();
  std::optional<EncodedValue> next();

 private:
  EncodedReader(ByteReader reader, uint64_t count, std::optional<AttributeType> element)
      : reader_(reader), remaining_(count), set_element_(element) {}

  ByteReader reader_;
  uint64_t remaining_;
  std::optional<AttributeType> set_element_;
};

[[nodiscard]] std::optional<AttributeValue> decode_value(const EncodedValue& value);
[[nodiscard]] std::optional<Item> decode_item(ByteView item);

}  // namespace millrace
