#include "partiql/tokens.h"

#include <algorithm>
#include <array>

#include "partiql/keywords.h"

namespace millrace::partiql {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool is_name_part(char c) {
  return begins_name(c) || is_digit(c);
}
bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

std::string in_small_letters(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

constexpr auto kTwoCharacters =
    std::to_array<std::string_view>({"<<", ">>", "<>", "<=", ">=", "!=", "||"});
constexpr std::string_view kOneCharacter = "()[]{},.:;*+-/%=<>?@^";

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> tokenize() {
    while (true) {
      TRY(skip_blanks());
      begin_ = at_;
      token_ = {};
      token_.position.line = line_;
      token_.position.column = column_;
      if (at_ == text_.size()) break;
      TRY(read_token());
      finish_token();
    }
    tokens_.push_back(token_);
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  [[nodiscard]] bool at(bool (*accepts)(char)) const {
    return at_ < text_.size() && accepts(text_[at_]);
  }

  // Moves on, and counts lines and columns.
  void skip(size_t bytes) {
    for (const size_t end = at_ + bytes; at_ < end; ++at_) {
      if (text_[at_] == '\n') {
        ++line_;
        column_ = 1;
      } else if (begins_character(text_[at_])) {
        ++column_;
      }
    }
  }
  void skip_while(bool (*accepts)(char)) {
    while (at(accepts)) skip(1);
  }

  Status skip_blanks() {
    while (true) {
      skip_while(is_blank);
      if (rest().starts_with("--")) {
        skip(std::min(rest().size(), rest().find('\n')));
      } else if (rest().starts_with("/*")) {
        const size_t end = rest().find("*/", 2);
        if (end == std::string_view::npos) return not_well_formed("");
        skip(end + 2);
      } else {
        return Done{};
      }
    }
  }

  Status read_token() {
    const char c = text_[at_];
    if (begins_name(c)) {
      read_name();
      return Done{};
    }
    if (is_digit(c) || (c == '.' && rest().size() > 1 && is_digit(rest()[1]))) {
      return read_number();
    }
    if (c == '\'') return read_quoted(TokenKind::kString);
    if (c == '"') return read_quoted(TokenKind::kQuotedIdentifier);
    return read_symbol();
  }

  void read_name() {
    skip_while(is_name_part);
    token_.kind = TokenKind::kIdentifier;
    token_.text = text_.substr(begin_, at_ - begin_);
    std::string small = in_small_letters(token_.text);
    if (!is_keyword(small)) return;
    token_.kind = TokenKind::kKeyword;
    token_.text = std::move(small);
  }

  Status read_number() {
    skip_while(is_digit);
    size_t fraction_digits = 0;
    if (rest().starts_with('.')) {
      skip(1);
      const size_t fraction = at_;
      skip_while(is_digit);
      fraction_digits = at_ - fraction;
    }
    if (rest().starts_with('e') || rest().starts_with('E')) TRY(read_exponent(fraction_digits));
    token_.kind = TokenKind::kNumber;
    token_.text = text_.substr(begin_, at_ - begin_);
    return Done{};
  }

  // The service keeps the exponent, and the digits behind the point less it, in 32 bits.
  Status read_exponent(size_t fraction_digits) {
    constexpr int64_t kMax = 2'147'483'647;
    skip(1);
    const bool negative = rest().starts_with('-');
    if (negative || rest().starts_with('+')) skip(1);
    if (!at(is_digit)) return not_well_formed("");
    int64_t exponent = 0;
    for (; at(is_digit); skip(1)) {
      exponent = std::min(exponent * 10 + (text_[at_] - '0'), kMax + 2);
    }
    if (negative) exponent = -exponent;
    const int64_t scale = static_cast<int64_t>(fraction_digits) - exponent;
    if (exponent > kMax || exponent < -kMax - 1 || scale > kMax || scale < -kMax - 1) {
      return not_well_formed("");
    }
    return Done{};
  }

  // A doubled quote stands for itself.
  Status read_quoted(TokenKind kind) {
    const char quote = text_[at_];
    skip(1);
    while (at_ < text_.size()) {
      const char c = text_[at_];
      skip(1);
      if (c == quote) {
        if (at_ == text_.size() || text_[at_] != quote) {
          token_.kind = kind;
          return Done{};
        }
        skip(1);
      }
      token_.text += c;
    }
    return not_well_formed("");
  }

  Status read_symbol() {
    token_.kind = TokenKind::kSymbol;
    for (const std::string_view symbol : kTwoCharacters) {
      if (!rest().starts_with(symbol)) continue;
      token_.text = symbol == "!=" ? "<>" : symbol;
      skip(2);
      return Done{};
    }
    if (kOneCharacter.find(text_[at_]) == std::string_view::npos) return not_well_formed("");
    token_.text = text_.substr(at_, 1);
    skip(1);
    return Done{};
  }

  void finish_token() {
    const std::string_view written = text_.substr(begin_, at_ - begin_);
    token_.position.length =
        static_cast<size_t>(std::count_if(written.begin(), written.end(), begins_character));
    tokens_.push_back(std::move(token_));
  }

  const std::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
  size_t column_ = 1;
  size_t begin_ = 0;
  Token token_;
  std::vector<Token> tokens_;
};

}  // namespace

std::string Position::to_string() const {
  return " at " + std::to_string(line) + ":" + std::to_string(column) + ":" +
         std::to_string(length);
}

Result<std::vector<Token>> tokenize(std::string_view statement) {
  return Tokenizer(statement).tokenize();
}

Error not_well_formed(std::string_view detail) {
  return validation_error("Statement wasn't well formed, can't be processed: " +
                          std::string(detail));
}

}  // namespace millrace::partiql
