#include "json/document.h"

#include <algorithm>
#include <bit>
#include <mutex>
#include <vector>

namespace millrace::json {
namespace {

// A parser's buffers are about 14 times its capacity, so only small ones are worth keeping.
constexpr size_t kCapacityMin = 4096;
constexpr size_t kCapacityKeptMax = 32 * 1024;
constexpr size_t kIdleMax = 16;

class IdleParsers {
 public:
  std::unique_ptr<simdjson::dom::parser> take() {
    const std::scoped_lock lock(mutex_);
    if (parsers_.empty()) return nullptr;
    auto parser = std::move(parsers_.back());
    parsers_.pop_back();
    return parser;
  }
  void give(std::unique_ptr<simdjson::dom::parser> parser) {
    if (parser->capacity() > kCapacityKeptMax) return;
    const std::scoped_lock lock(mutex_);
    if (parsers_.size() < kIdleMax) parsers_.push_back(std::move(parser));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<simdjson::dom::parser>> parsers_;
};

IdleParsers& idle_parsers() {
  static IdleParsers parsers;
  return parsers;
}

}  // namespace

void Document::GiveBack::operator()(simdjson::dom::parser* parser) const {
  idle_parsers().give(std::unique_ptr<simdjson::dom::parser>(parser));
}

Result<Document> Document::parse(ByteView text) {
  // The service sends no message with this one.
  const Error not_json{ErrorCode::kSerializationException, ""};
  if (text.empty()) return not_json;
  auto parser = idle_parsers().take();
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
