// JSON text in, a tree of simdjson elements out.
#pragma once

#include <memory>
#include <optional>
#include <simdjson.h>

#include "base/bytes.h"
#include "base/result.h"

namespace millrace::json {

using Element = simdjson::dom::element;
using Object = simdjson::dom::object;
using Array = simdjson::dom::array;

// Owns the parsed text. Elements live as long as it does. Not thread-safe, movable; may be
// destroyed on another thread than it was made on.
class Document {
 public:
  // SerializationException, without a message, for what is not JSON, is not UTF-8 or nests too
  // deep.
  static Result<Document> parse(ByteView text);
  [[nodiscard]] Element root() const { return root_; }

 private:
  // Parsers are reused: making one costs more than parsing a small request.
  struct GiveBack {
    void operator()(simdjson::dom::parser* parser) const;
  };

  std::unique_ptr<simdjson::dom::parser, GiveBack> parser_;
  Element root_;
};

// The member of that name, or nullopt when it is absent or null: the service treats both alike.
[[nodiscard]] std::optional<Element> member(Object object, std::string_view name);

}  // namespace millrace::json
