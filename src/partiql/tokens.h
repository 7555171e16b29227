// The text of a PartiQL statement as tokens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millrace::partiql {

// Where a token stands, as messages say it: line and column from 1, length in characters.
struct Position {
  size_t line = 1;
  size_t column = 1;
  size_t length = 0;

  // " at 1:8:5"
  [[nodiscard]] std::string to_string() const;
};

enum class TokenKind {
  kKeyword,           // in small letters
  kIdentifier,        // as written
  kQuotedIdentifier,  // without its quotes
  kString,            // without its quotes
  kNumber,            // without a sign
  kSymbol,
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  Position position;
};

// Comments and blanks are left out; the last token is kEnd. ValidationException for text that is no
// token at all.
[[nodiscard]] Result<std::vector<Token>> tokenize(std::string_view statement);

// "Statement wasn't well formed, can't be processed: <detail>"
[[nodiscard]] Error not_well_formed(std::string_view detail);

}  // namespace millrace::partiql
