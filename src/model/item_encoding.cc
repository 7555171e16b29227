#include "model/item_encoding.h"

#include <limits>

#include "base/check.h"
#include "model/item_size.h"

namespace millrace {
namespace {

constexpr char kFormatVersion = 1;
constexpr size_t kDepthMax = 40;  // deeper than any value that passes validation

void encode_members(Bytes& out, const AttributeMap& map) {
  append_varint(out, map.size());
  for (const auto& [name, value] : map) {
    append_sized(out, name);
    encode_value(out, value);
  }
}

struct EncodePayload {
  Bytes& out;

  void operator()(const std::string& value) { append_sized(out, value); }
  void operator()(const Number& value) { value.encode(out); }
  void operator()(const Binary& value) { append_sized(out, value.bytes); }
  void operator()(bool value) { out.push_back(value ? 1 : 0); }
  void operator()(Null) {}
  void operator()(const List& value) {
    with_length([&] {
      append_varint(out, value.size());
      for (const AttributeValue& element : value) encode_value(out, element);
    });
  }
  void operator()(const AttributeMap& value) {
    with_length([&] { encode_members(out, value); });
  }
  void operator()(const StringSet& value) { encode_strings(value.members); }
  void operator()(const BinarySet& value) { encode_strings(value.members); }
  void operator()(const NumberSet& value) {
    with_length([&] {
      append_varint(out, value.members.size());
      for (const Number& member : value.members) member.encode(out);
    });
  }

  void encode_strings(const std::vector<std::string>& members) {
    with_length([&] {
      append_varint(out, members.size());
      for (const std::string& member : members) append_sized(out, member);
    });
  }

  // A four-byte length before the body, so that a reader can step over a container.
  template <typename Body>
  void with_length(Body body) {
    const size_t at = out.size();
    append_u32(out, 0);
    body();
    const size_t length = out.size() - at - 4;
    MILLRACE_CHECK(length <= std::numeric_limits<uint32_t>::max());
    store_u32(out, at, static_cast<uint32_t>(length));
  }
};

std::optional<ByteView> read_payload(ByteReader& reader, AttributeType type) {
  switch (type) {
    case AttributeType::kString:
    case AttributeType::kBinary:
      return reader.read_sized();
    case AttributeType::kNumber: {
      ByteView before = reader.rest();
      if (!Number::decode(reader)) return std::nullopt;
      return before.substr(0, before.size() - reader.rest().size());
    }
    case AttributeType::kBoolean:
      return reader.read_bytes(1);
    case AttributeType::kNull:
      return ByteView();
    case AttributeType::kList:
    case AttributeType::kMap:
    case AttributeType::kStringSet:
    case AttributeType::kNumberSet:
    case AttributeType::kBinarySet: {
      auto length = reader.read_u32();
      if (!length) return std::nullopt;
      return reader.read_bytes(*length);
    }
  }
  return std::nullopt;
}

std::optional<AttributeMap> decode_members(EncodedReader reader, size_t depth);

std::optional<AttributeValue> decode_at(const EncodedValue& value, size_t depth);

std::optional<List> decode_list(EncodedReader reader, size_t depth) {
  List list;
  while (reader.remaining() > 0) {
    auto element = reader.next();
    if (!element) return std::nullopt;
    auto decoded = decode_at(*element, depth);
    if (!decoded) return std::nullopt;
    list.push_back(std::move(*decoded));
  }
  if (!reader.exhausted()) return std::nullopt;
  return list;
}

template <typename Set>
std::optional<AttributeValue> decode_byte_set(EncodedReader reader) {
  Set set;
  while (reader.remaining() > 0) {
    auto member = reader.next();
    if (!member) return std::nullopt;
    if (!set.members.empty() && set.members.back() >= member->payload) return std::nullopt;
    set.members.emplace_back(member->payload);
  }
  if (!reader.exhausted()) return std::nullopt;
  return AttributeValue(std::move(set));
}

std::optional<AttributeValue> decode_number_set(EncodedReader reader) {
  NumberSet set;
  while (reader.remaining() > 0) {
    auto member = reader.next();
    if (!member) return std::nullopt;
    ByteReader bytes(member->payload);
    const auto number = Number::decode(bytes);
    if (!number || (!set.members.empty() && set.members.back() >= *number)) return std::nullopt;
    set.members.push_back(*number);
  }
  if (!reader.exhausted()) return std::nullopt;
  return AttributeValue(std::move(set));
}

std::optional<AttributeValue> decode_container(const EncodedValue& value, size_t depth) {
  auto reader = EncodedReader::of_container(value);
  if (!reader || depth >= kDepthMax) return std::nullopt;
  switch (value.type) {
    case AttributeType::kList: {
      auto list = decode_list(*reader, depth + 1);
      if (!list) return std::nullopt;
      return AttributeValue(std::move(*list));
    }
    case AttributeType::kMap: {
      auto map = decode_members(*reader, depth + 1);
      if (!map) return std::nullopt;
      return AttributeValue(std::move(*map));
    }
    case AttributeType::kStringSet:
      return decode_byte_set<StringSet>(*reader);
    case AttributeType::kBinarySet:
      return decode_byte_set<BinarySet>(*reader);
    default:
      return decode_number_set(*reader);
  }
}

std::optional<AttributeValue> decode_at(const EncodedValue& value, size_t depth) {
  switch (value.type) {
    case AttributeType::kString:
      return AttributeValue(std::string(value.payload));
    case AttributeType::kBinary:
      return AttributeValue(Binary{Bytes(value.payload)});
    case AttributeType::kNumber: {
      ByteReader bytes(value.payload);
      auto number = Number::decode(bytes);
      if (!number) return std::nullopt;
      return AttributeValue(*number);
    }
    case AttributeType::kBoolean:
      if (value.payload.size() != 1 || value.payload[0] < 0 || value.payload[0] > 1) {
        return std::nullopt;
      }
      return AttributeValue(value.payload[0] == 1);
    case AttributeType::kNull:
      return AttributeValue(Null{});
    default:
      return decode_container(value, depth);
  }
}

std::optional<AttributeMap> decode_members(EncodedReader reader, size_t depth) {
  AttributeMap map;
  while (reader.remaining() > 0) {
    auto name = reader.next_name();
    if (!name || (!map.empty() && map.rbegin()->first >= *name)) return std::nullopt;
    auto value = reader.next();
    if (!value) return std::nullopt;
    auto decoded = decode_at(*value, depth);
    if (!decoded) return std::nullopt;
    map.emplace_hint(map.end(), std::string(*name), std::move(*decoded));
  }
  if (!reader.exhausted()) return std::nullopt;
  return map;
}

}  // namespace

void encode_value(Bytes& out, const AttributeValue& value) {
  out.push_back(static_cast<char>(value.type()));
  std::visit(EncodePayload{out}, value.variant());
}

Bytes encode_item(const AttributeMap& item) {
  const size_t size_bytes = item_size_bytes(item);
  Bytes out;
  // Names and values, and what tells their types and lengths.
  out.reserve(size_bytes + size_bytes / 8 + 64);
  out.push_back(kFormatVersion);
  append_u32(out, static_cast<uint32_t>(size_bytes));
  encode_members(out, item);
  return out;
}

std::optional<size_t> encoded_item_size_bytes(ByteView item) {
  ByteReader reader(item);
  if (reader.read_u8() != kFormatVersion) return std::nullopt;
  return reader.read_u32();
}

std::optional<EncodedReader> EncodedReader::of_item(ByteView item) {
  ByteReader reader(item);
  if (reader.read_u8() != kFormatVersion || !reader.read_u32()) return std::nullopt;
  auto count = reader.read_varint();
  if (!count) return std::nullopt;
  return EncodedReader(reader, *count, std::nullopt);
}

std::optional<EncodedReader> EncodedReader::of_container(const EncodedValue& container) {
  std::optional<AttributeType> element;
  if (container.type == AttributeType::kStringSet) element = AttributeType::kString;
  if (container.type == AttributeType::kNumberSet) element = AttributeType::kNumber;
  if (container.type == AttributeType::kBinarySet) element = AttributeType::kBinary;
  ByteReader reader(container.payload);
  auto count = reader.read_varint();
  if (!count) return std::nullopt;
  return EncodedReader(reader, *count, element);
}

std::optional<ByteView> EncodedReader::next_name() {
  return reader_.read_sized();
}

std::optional<EncodedValue> EncodedReader::next() {
  MILLRACE_CHECK(remaining_ > 0);
  AttributeType type{};
  if (set_element_) {
    type = *set_element_;
  } else {
    auto tag = reader_.read_u8();
    if (!tag || *tag > static_cast<uint8_t>(AttributeType::kBinarySet)) return std::nullopt;
    type = static_cast<AttributeType>(*tag);
  }
  auto payload = read_payload(reader_, type);
  if (!payload) return std::nullopt;
  --remaining_;
  return EncodedValue{type, *payload};
}

std::optional<AttributeValue> decode_value(const EncodedValue& value) {
  return decode_at(value, 0);
}

std::optional<Item> decode_item(ByteView item) {
  auto reader = EncodedReader::of_item(item);
  if (!reader) return std::nullopt;
  return decode_members(*reader, 0);
}

}  // namespace millrace
