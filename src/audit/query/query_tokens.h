// The text of a query as tokens, as far as it must be understood to be rewritten.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millrace::audit::query {

struct QueryToken {
  enum class Kind {
    kWord,    // a name without quotes, or a keyword
    kQuoted,  // a name in quotes; `text` is without them
    kStore,   // an event data store: `text` is its id
    kString,  // `text` has its quotes
    kNumber,
    kSymbol,
    kEnd,
  };

  Kind kind = Kind::kEnd;
  std::string text;
  bool spaced = false;  // blanks or comments are before it
};

// The last token is kEnd. InvalidQueryStatementException for what
// does not end.
[[nodiscard]] Result<std::vector<QueryToken>> tokenize_query(std::string_view statement);

// The id in an id or ARN of an event data store; empty: it is neither.
[[nodiscard]] std::string_view store_id_of(std::string_view id_or_arn);

[[nodiscard]] Error invalid_statement(std::string_view detail);

}  // namespace millrace::audit::query
