#include "json/attribute_value.h"
#include "model/item_encoding.h"

namespace millrace::json {
namespace {

constexpr size_t kDepthMax = 64;  // deeper than any stored item

struct WritePayload {
  Writer& writer;

  void operator()(const std::string& value) { writer.string(value); }
  void operator()(const Number& value) { writer.string(value.to_string()); }
  void operator()(const Binary& value) { writer.base64(value.bytes); }
  void operator()(bool value) { writer.boolean(value); }
  void operator()(Null) { writer.boolean(true); }
  void operator()(const List& value) {
    write_members(value,
                  [&](const AttributeValue& element) { write_attribute_value(writer, element); });
  }
  void operator()(const AttributeMap& value) { write_attribute_map(writer, value); }
  void operator()(const StringSet& value) {
    write_members(value.members, [&](const std::string& member) { writer.string(member); });
  }
  void operator()(const NumberSet& value) {
    write_members(value.members, [&](const Number& member) { writer.string(member.to_string()); });
  }
  void operator()(const BinarySet& value) {
    write_members(value.members, [&](const Bytes& member) { writer.base64(member); });
  }

  template <typename Members, typename WriteMember>
  void write_members(const Members& members, WriteMember write_member) {
    writer.begin_array();
    for (const auto& member : members) write_member(member);
    writer.end_array();
  }
};

// False when the bytes are not what encode_item() writes.
class EncodedWriter {
 public:
  explicit EncodedWriter(Writer& writer) : writer_(writer) {}

  bool write_map(EncodedReader& reader, size_t depth) {
    writer_.begin_object();
    while (reader.remaining() > 0) {
      const auto name = reader.next_name();
      const auto value = name ? reader.next() : std::nullopt;
      if (!value) return false;
      writer_.key(*name);
      if (!write_typed(*value, depth)) return false;
    }
    writer_.end_object();
    return true;
  }

 private:
  bool write_typed(const EncodedValue& value, size_t depth) {
    writer_.begin_object();
    writer_.key(attribute_type_name(value.type));
    if (!write_payload(value, depth)) return false;
    writer_.end_object();
    return true;
  }

  bool write_payload(const EncodedValue& value, size_t depth) {
    switch (value.type) {
      case AttributeType::kString:
        writer_.string(value.payload);
        return true;
      case AttributeType::kNumber:
        return write_number(value.payload);
      case AttributeType::kBinary:
        writer_.base64(value.payload);
        return true;
      case AttributeType::kBoolean:
        if (value.payload.empty()) return false;
        writer_.boolean(value.payload.front() != 0);
        return true;
      case AttributeType::kNull:
        writer_.boolean(true);
        return true;
      default:
        return write_container(value, depth + 1);
    }
  }

  bool write_number(ByteView payload) {
    ByteReader bytes(payload);
    const auto number = Number::decode(bytes);
    if (!number) return false;
    writer_.string(number->to_string());
    return true;
  }

  bool write_container(const EncodedValue& value, size_t depth) {
    auto reader = EncodedReader::of_container(value);
    if (!reader || depth > kDepthMax) return false;
    if (value.type == AttributeType::kMap) return write_map(*reader, depth);
    const bool is_list = value.type == AttributeType::kList;
    writer_.begin_array();
    while (reader->remaining() > 0) {
      const auto member = reader->next();
      if (!member) return false;
      if (!(is_list ? write_typed(*member, depth) : write_payload(*member, depth))) return false;
    }
    writer_.end_array();
    return true;
  }

  Writer& writer_;
};

}  // namespace

void write_attribute_value(Writer& writer, const AttributeValue& value) {
  writer.begin_object();
  writer.key(attribute_type_name(value.type()));
  std::visit(WritePayload{writer}, value.variant());
  writer.end_object();
}

void write_attribute_map(Writer& writer, const AttributeMap& map) {
  writer.begin_object();
  for (const auto& [name, value] : map) {
    writer.key(name);
    write_attribute_value(writer, value);
  }
  writer.end_object();
}

Status write_encoded_item(Writer& writer, ByteView item) {
  auto reader = EncodedReader::of_item(item);
  if (!reader || !EncodedWriter(writer).write_map(*reader, 0)) {
    return internal_error("stored bytes are not an item");
  }
  return Done{};
}

}  // namespace millrace::json
