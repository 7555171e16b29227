#include "audit/query/query_tokens.h"

#include <algorithm>

#include <fmt/format.h>

namespace millrace::audit::query {
namespace {

constexpr size_t kIdSize = 36;
constexpr std::string_view kArnStart = "arn:aws:cloudtrail:";
constexpr std::string_view kArnResource = ":eventdatastore/";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_word(char c) {
  return is_word_start(c) || is_digit(c) || c == '$';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool is_id(std::string_view text) {
  if (text.size() != kIdSize) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    if (dash ? c != '-' : !(is_digit(c) || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : rest_(text) {}

  Result<std::vector<QueryToken>> run() {
    if (rest_.find('\0') != std::string_view::npos) {
      return invalid_statement("it has a character that is no text");
    }
    while (true) {
      const size_t before = rest_.size();
      TRY(skip_blanks());
      spaced_ = rest_.size() < before;
      if (rest_.empty()) break;
      TRY(take_token());
    }
    tokens_.push_back({});
    return std::move(tokens_);
  }

 private:
  using Kind = QueryToken::Kind;

  Status skip_blanks() {
    while (!rest_.empty()) {
      if (is_blank(rest_.front())) {
        rest_.remove_prefix(1);
      } else if (rest_.starts_with("--")) {
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      } else if (rest_.starts_with("/*")) {
        const size_t end = rest_.find("*/", 2);
        if (end == std::string_view::npos) return invalid_statement("a comment does not end");
        rest_.remove_prefix(end + 2);
      } else {
        break;
      }
    }
    return Done{};
  }

  Status take_token() {
    if (take_store()) return Done{};
    const char first = rest_.front();
    if (first == '\'') return take_string();
    if (first == '"' || first == '`') return take_quoted(first);
    if (is_word_start(first)) {
      take_while(Kind::kWord, is_word);
    } else if (is_digit(first)) {
      take_while(Kind::kNumber, [](char c) { return is_word(c) || c == '.'; });
    } else {
      take(Kind::kSymbol, symbol_size());
    }
    return Done{};
  }

  [[nodiscard]] size_t symbol_size() const {
    for (const std::string_view symbol :
         {"->>", "->", "||", "<=", ">=", "<>", "!=", "==", "<<", ">>"}) {
      if (rest_.starts_with(symbol)) return symbol.size();
    }
    return 1;
  }

  bool take_store() {
    if (rest_.starts_with(kArnStart)) {
      const size_t size = static_cast<size_t>(
          std::ranges::find_if_not(
              rest_, [](char c) { return is_word(c) || c == ':' || c == '/' || c == '-'; }) -
          rest_.begin());
      const std::string_view id = store_id_of(rest_.substr(0, size));
      if (id.empty()) return false;
      tokens_.push_back({Kind::kStore, std::string(id), spaced_});
      rest_.remove_prefix(size);
      return true;
    }
    if (!is_id(rest_.substr(0, kIdSize))) return false;
    if (rest_.size() > kIdSize && (is_word(rest_[kIdSize]) || rest_[kIdSize] == '-')) return false;
    take(Kind::kStore, kIdSize);
    return true;
  }

  // A quote in it is doubled.
  Result<size_t> quoted_size(char quote) {
    size_t at = 1;
    while (true) {
      at = rest_.find(quote, at);
      if (at == std::string_view::npos) {
        return invalid_statement(fmt::format("what begins with {} does not end", quote));
      }
      if (at + 1 == rest_.size() || rest_[at + 1] != quote) return at + 1;
      at += 2;
    }
  }

  Status take_string() {
    take(Kind::kString, TRY(quoted_size('\'')));
    return Done{};
  }

  Status take_quoted(char quote) {
    const size_t size = TRY(quoted_size(quote));
    std::string name;
    for (size_t i = 1; i + 1 < size; ++i) {
      name += rest_[i];
      if (rest_[i] == quote) ++i;
    }
    rest_.remove_prefix(size);
    const std::string_view id = store_id_of(name);
    if (id.empty()) {
      tokens_.push_back({Kind::kQuoted, name, spaced_});
    } else {
      tokens_.push_back({Kind::kStore, std::string(id), spaced_});
    }
    return Done{};
  }

  template <typename Predicate>
  void take_while(Kind kind, Predicate belongs) {
    take(kind, static_cast<size_t>(std::ranges::find_if_not(rest_, belongs) - rest_.begin()));
  }

  void take(Kind kind, size_t size) {
    tokens_.push_back({kind, std::string(rest_.substr(0, size)), spaced_});
    rest_.remove_prefix(size);
  }

  std::string_view rest_;
  bool spaced_ = false;
  std::vector<QueryToken> tokens_;
};

}  // namespace

Result<std::vector<QueryToken>> tokenize_query(std::string_view statement) {
  return Tokenizer(statement).run();
}

std::string_view store_id_of(std::string_view id_or_arn) {
  if (id_or_arn.starts_with(kArnStart)) {
    const size_t resource = id_or_arn.find(kArnResource);
    if (resource == std::string_view::npos) return {};
    id_or_arn.remove_prefix(resource + kArnResource.size());
  }
  return is_id(id_or_arn) ? id_or_arn : std::string_view();
}

Error invalid_statement(std::string_view detail) {
  return {ErrorCode::kInvalidQueryStatementException,
          fmt::format("The query statement is not valid: {}", detail)};
}

}  // namespace millrace::audit::query
