// A line of an item in DynamoDB JSON, then edits of its stored form: three bytes each, where to put
// what. Without the item, the input is the stored form. What decodes encodes to bytes that decode
// to the same item, and both ways to its JSON agree.
#include "model/item_encoding.h"

#include <string_view>

#include "api/validate.h"
#include "base/check.h"
#include "json/attribute_value.h"
#include "model/item_size.h"

namespace millrace {
namespace {

void check_item(const Item& item) {
  const Bytes bytes = encode_item(item);
  const auto decoded = decode_item(bytes);
  MILLRACE_CHECK(decoded && *decoded == item);
  MILLRACE_CHECK(encode_item(*decoded) == bytes);
  MILLRACE_CHECK(encoded_item_size_bytes(bytes) == item_size_bytes(item));

  std::string from_item;
  std::string from_bytes;
  json::Writer item_writer(from_item);
  json::Writer bytes_writer(from_bytes);
  json::write_attribute_map(item_writer, item);
  MILLRACE_CHECK(json::write_encoded_item(bytes_writer, bytes).ok());
  MILLRACE_CHECK(from_item == from_bytes);
}

void check_stored(ByteView bytes) {
  std::string text;
  json::Writer writer(text);
  const bool written = json::write_encoded_item(writer, bytes).ok();
  const auto item = decode_item(bytes);
  if (!item) return;
  MILLRACE_CHECK(written);
  check_item(*item);
}

std::optional<Item> item_of_json(std::string_view text) {
  static const api::Shape* shape = api::find_shape("dynamodb", "PutItemInputAttributeMap");
  auto document = json::Document::parse(text);
  if (!document.ok() || !api::check_types(*shape, document->root()).ok()) return std::nullopt;
  auto item = json::read_attribute_map(document->root());
  if (!item.ok()) return std::nullopt;
  return std::move(item).value();
}

// What is written as JSON reads as the same item.
void check_json(const Item& item) {
  std::string text;
  json::Writer writer(text);
  json::write_attribute_map(writer, item);
  MILLRACE_CHECK(item_of_json(text) == item);
}

void edit(Bytes& bytes, std::string_view edits) {
  for (; edits.size() >= 3; edits.remove_prefix(3)) {
    const size_t high = static_cast<uint8_t>(edits[0]);
    const size_t low = static_cast<uint8_t>(edits[1]);
    bytes[(high * 256 + low) % bytes.size()] = edits[2];
  }
}

void check_input(std::string_view input) {
  if (!input.starts_with('{')) return check_stored(input);
  const size_t end = std::min(input.find('\n'), input.size());
  const auto item = item_of_json(input.substr(0, end));
  if (!item) return;
  check_item(*item);
  check_json(*item);
  Bytes bytes = encode_item(*item);
  edit(bytes, input.substr(std::min(end + 1, input.size())));
  check_stored(bytes);
}

}  // namespace
}  // namespace millrace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  millrace::check_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
