// PartiQL statements without the values that they hold.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/key_schema.h"

namespace millrace::audit {

// Where words, names and literals stand in a statement, which need not be well formed. Unlike the
// parser's tokens (partiql/tokens.h) they know their place in the text, and nothing is refused.
class StatementTokens {
 public:
  enum class Kind : uint8_t {
    kWord,        // keyword or name
    kQuotedName,  // with its quotes
    kString,      // with its quotes
    kNumber,
    kParameter,
    kSymbol,
    kUnreadable,  // from here on, the statement is not PartiQL; always the last
  };
  struct Token {
    Kind kind;
    size_t begin;
    size_t end;
  };

  // `statement` must outlive it.
  explicit StatementTokens(std::string_view statement);

  [[nodiscard]] std::string_view statement() const { return statement_; }
  [[nodiscard]] size_t size() const { return tokens_.size(); }
  // Past the end: an empty symbol.
  [[nodiscard]] Token at(size_t index) const;
  [[nodiscard]] std::string_view text(size_t index) const;
  [[nodiscard]] bool is(size_t index, Kind kind) const { return at(index).kind == kind; }
  [[nodiscard]] bool is_symbol(size_t index, std::string_view symbol) const;
  // `word` in small letters; in any case in the statement.
  [[nodiscard]] bool is_word(size_t index, std::string_view word) const;
  // Of a word or a quoted name, without its quotes; empty for anything else.
  [[nodiscard]] std::string_view name(size_t index) const;

  // The table, or its ARN, that the statement is for; empty: none can be seen.
  [[nodiscard]] std::string_view table_name() const;

 private:
  std::string_view statement_;
  std::vector<Token> tokens_;
};

// Literals become `***(Redacted)`, except those to which a WHERE compares an attribute of `keys`,
// which may be nullptr. Lists, bags and tuples become one, but INSERT keeps the names of an item's
// attributes. Comments become a blank. What is no PartiQL is redacted as a whole.
[[nodiscard]] std::string redact_statement(const StatementTokens& tokens,
                                           const catalog::KeySchema* keys);

}  // namespace millrace::audit
