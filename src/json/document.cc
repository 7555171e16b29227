#include "json/document.h"

#include <algorithm>
#include <array>
#include <bit>

namespace millrace::json {
namespace {

// A parser's buffers are about 14 times its capacity, so only small ones are worth keeping.
constexpr size_t kCapacityMin = 4096;
constexpr size_t kCapacityKeptMax = 32 * 1024;
// Of a thread: a request needs one at a time.
constexpr size_t kIdleMax = 2;

using Parser = std::unique_ptr<simdjson::dom::parser>;

// Documents may end later than what their thread keeps.
thread_local bool has_ended = false;

struct IdleParsers {
  IdleParsers() = default;
  IdleParsers(const IdleParsers&) = delete;
  IdleParsers& operator=(const IdleParsers&) = delete;
  ~IdleParsers() { has_ended = true; }

  std::array<Parser, kIdleMax> parsers;
};
thread_local IdleParsers idle;

Parser take_idle() {
  if (has_ended) return nullptr;
  for (Parser& parser : idle.parsers) {
    if (parser) return std::move(parser);
  }
  return nullptr;
}

}  // namespace

void Document::GiveBack::operator()(simdjson::dom::parser* parser) const {
  Parser owned(parser);
  if (has_ended || parser->capacity() > kCapacityKeptMax) return;
  for (Parser& place : idle.parsers) {
    if (place) continue;
    place = std::move(owned);
    return;
  }
}

Result<Document> Document::parse(ByteView text) {
  // The service sends no message with this one.
  const Error not_json{ErrorCode::kSerializationException, ""};
  if (text.empty()) return not_json;
  auto parser = take_idle();
  if (!parser) parser = std::make_unique<simdjson::dom::parser>();
  if (parser->capacity() < text.size()) {
    // simdjson would grow to the exact size, again for every longer text.
    const size_t capacity = text.size() <= kCapacityKeptMax
                                ? std::bit_ceil(std::max(text.size(), kCapacityMin))
                                : text.size();
    if (parser->allocate(capacity) != simdjson::SUCCESS) return not_json;
  }
  Document document;
  document.parser_.reset(parser.release());
  // simdjson copies the text into a buffer of the parser that has the padding it needs.
  if (document.parser_->parse(text.data(), text.size()).get(document.root_) != simdjson::SUCCESS)
    return not_json;
  return document;
}

std::optional<Element> member(Object object, std::string_view name) {
  Element value;
  if (object.at_key(name).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

}  // namespace millrace::json
