#include "audit/statement_redaction.h"

#include <algorithm>

#include "partiql/keywords.h"

namespace millrace::audit {
namespace {

using Kind = StatementTokens::Kind;

constexpr std::string_view kRedacted = "***(Redacted)";

class Redaction {
 public:
  Redaction(const StatementTokens& tokens, const catalog::KeySchema* keys)
      : tokens_(tokens), keys_(keys) {}

  std::string run() {
    const bool known = tokens_.is_word(0, "select") || tokens_.is_word(0, "insert") ||
                       tokens_.is_word(0, "update") || tokens_.is_word(0, "delete") ||
                       tokens_.is_word(0, "exists");
    if (!known) return std::string(kRedacted);
    while (at_ < tokens_.size()) step();
    return std::move(out_);
  }

 private:
  // --- what is written ---

  // What stands between two tokens, without comments.
  void separate(size_t index) {
    if (index == 0) return;
    const size_t begin = tokens_.at(index - 1).end;
    const std::string_view gap = tokens_.statement().substr(begin, tokens_.at(index).begin - begin);
    if (gap.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos) {
      out_ += gap;
    } else {
      out_ += ' ';
    }
  }
  void keep_until(size_t end) {
    for (; at_ < std::min(end, tokens_.size()); ++at_) {
      separate(at_);
      out_ += tokens_.text(at_);
    }
  }
  void redact_until(size_t end) {
    if (at_ >= end) return;
    separate(at_);
    out_ += kRedacted;
    at_ = end;
  }

  // --- what stands where ---

  [[nodiscard]] bool opens(size_t index) const {
    return tokens_.is_symbol(index, "{") || tokens_.is_symbol(index, "[") ||
           tokens_.is_symbol(index, "<<");
  }
  [[nodiscard]] bool closes(size_t index) const {
    return tokens_.is_symbol(index, "}") || tokens_.is_symbol(index, "]") ||
           tokens_.is_symbol(index, ">>");
  }
  // Past the list, bag or tuple that begins there.
  [[nodiscard]] size_t past_structure(size_t index) const {
    size_t depth = 0;
    for (; index < tokens_.size(); ++index) {
      if (opens(index)) ++depth;
      if (closes(index) && --depth == 0) return index + 1;
    }
    return index;
  }
  [[nodiscard]] bool is_keyword(size_t index) const {
    if (!tokens_.is(index, Kind::kWord)) return false;
    std::string word(tokens_.text(index));
    for (char& c : word) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return partiql::is_keyword(word);
  }
  // Whether a value could end with the token, so that what follows is not the beginning of one.
  [[nodiscard]] bool ends_operand(size_t index) const {
    const Kind kind = tokens_.at(index).kind;
    if (kind == Kind::kSymbol) return closes(index) || tokens_.is_symbol(index, ")");
    return kind != Kind::kWord || !is_keyword(index);
  }
  [[nodiscard]] bool is_comparison(size_t index) const {
    constexpr std::string_view kComparisons[] = {"=", "<>", "!=", "<", "<=", ">", ">="};
    return tokens_.is(index, Kind::kSymbol) &&
           std::ranges::find(kComparisons, tokens_.text(index)) != std::end(kComparisons);
  }
  [[nodiscard]] bool is_sign(size_t index) const {
    return tokens_.is_symbol(index, "-") || tokens_.is_symbol(index, "+");
  }
  // Past the literal or parameter there; the index itself when there is none.
  [[nodiscard]] size_t past_literal(size_t index) const {
    if (is_sign(index) && tokens_.is(index + 1, Kind::kNumber)) return index + 2;
    const Kind kind = tokens_.at(index).kind;
    const bool literal = kind == Kind::kString || kind == Kind::kNumber || kind == Kind::kParameter;
    return literal ? index + 1 : index;
  }
  [[nodiscard]] bool goes_on_as_path(size_t index) const {
    return tokens_.is_symbol(index, ".") || tokens_.is_symbol(index, "[");
  }

  // --- keys ---

  [[nodiscard]] bool is_key(size_t index) const {
    const std::string_view name = tokens_.name(index);
    return in_where_ && keys_ != nullptr && !name.empty() && keys_->contains(name) &&
           !tokens_.is_symbol(index - 1, ".") && !goes_on_as_path(index + 1);
  }
  // Past the literals that the key at `index` is compared to, or past the key alone.
  [[nodiscard]] size_t past_key_comparison(size_t index) const {
    const size_t next = index + 1;
    if (is_comparison(next)) return kept(next, past_literal(next + 1), next + 1);
    if (tokens_.is_word(next, "between")) {
      const size_t low_end = past_literal(next + 1);
      if (low_end == next + 1 || !tokens_.is_word(low_end, "and")) return next;
      return kept(next, past_literal(low_end + 1), low_end + 1);
    }
    if (tokens_.is_word(next, "in")) return past_key_list(next);
    const bool begins_with = index >= 2 && tokens_.is_symbol(index - 1, "(") &&
                             tokens_.is_word(index - 2, "begins_with");
    if (begins_with && tokens_.is_symbol(next, ",")) {
      return kept(next, past_literal(next + 1), next + 1);
    }
    return next;
  }
  // `end` if a literal was found from `begin` on.
  static size_t kept(size_t otherwise, size_t end, size_t begin) {
    return end == begin ? otherwise : end;
  }
  // From the IN at `index`; up to it when the list holds anything but literals.
  [[nodiscard]] size_t past_key_list(size_t index) const {
    if (!tokens_.is_symbol(index + 1, "[") && !tokens_.is_symbol(index + 1, "(")) return index;
    size_t at = index + 2;
    while (true) {
      const size_t end = past_literal(at);
      if (end == at) return index;
      if (tokens_.is_symbol(end, "]") || tokens_.is_symbol(end, ")")) return end + 1;
      if (!tokens_.is_symbol(end, ",")) return index;
      at = end + 1;
    }
  }

  // --- steps ---

  void step() {
    switch (tokens_.at(at_).kind) {
      case Kind::kWord:
        return step_word();
      case Kind::kQuotedName:
        return step_quoted_name();
      case Kind::kString:
      case Kind::kNumber:
        return redact_until(at_ + 1);
      case Kind::kParameter:
        return keep_until(at_ + 1);
      case Kind::kSymbol:
        return step_symbol();
      case Kind::kUnreadable:
        return redact_until(tokens_.size());
    }
  }

  void step_word() {
    if (is_key(at_)) return keep_until(past_key_comparison(at_));
    const bool null = tokens_.is_word(at_, "null") && !tokens_.is_word(at_ - 1, "is") &&
                      !tokens_.is_word(at_ - 1, "not");
    if (null || tokens_.is_word(at_, "true") || tokens_.is_word(at_, "false")) {
      return redact_until(at_ + 1);
    }
    if (tokens_.is_word(at_, "where")) in_where_ = true;
    keep_until(at_ + 1);
  }

  // Behind a comparison it may well be a string that somebody put into the wrong quotes.
  void step_quoted_name() {
    if (is_key(at_)) return keep_until(past_key_comparison(at_));
    const bool operand = at_ > 0 && is_comparison(at_ - 1) && !goes_on_as_path(at_ + 1);
    if (operand) return redact_until(at_ + 1);
    keep_until(at_ + 1);
  }

  void step_symbol() {
    const bool item = tokens_.is_word(0, "insert") && at_ > 0 && tokens_.is_word(at_ - 1, "value");
    if (item && tokens_.is_symbol(at_, "{")) return step_item();
    const bool path = at_ > 0 && tokens_.is_symbol(at_, "[") && ends_operand(at_ - 1);
    if (path && tokens_.is(at_ + 1, Kind::kNumber) && tokens_.is_symbol(at_ + 2, "]")) {
      return keep_until(at_ + 3);
    }
    if (path && tokens_.is(at_ + 1, Kind::kString)) return keep_until(at_ + 1);
    if (opens(at_)) return redact_until(past_structure(at_));
    const bool sign = is_sign(at_) && tokens_.is(at_ + 1, Kind::kNumber);
    if (sign && at_ > 0 && !ends_operand(at_ - 1)) return redact_until(at_ + 2);
    keep_until(at_ + 1);
  }

  // {'name': value, …} of INSERT.
  void step_item() {
    const size_t end = past_structure(at_);
    keep_until(at_ + 1);
    while (at_ < end && !closes(at_)) {
      const bool named = !tokens_.is(at_, Kind::kNumber) && tokens_.is_symbol(at_ + 1, ":");
      if (named) keep_until(at_ + 2);
      const size_t value_end = past_item_value(at_, end);
      if (tokens_.is(at_, Kind::kParameter) && value_end == at_ + 1) {
        keep_until(value_end);
      } else {
        redact_until(value_end);
      }
      if (tokens_.is_symbol(at_, ",")) keep_until(at_ + 1);
    }
    keep_until(std::min(at_ + 1, end));
  }
  // The comma or brace behind the value.
  [[nodiscard]] size_t past_item_value(size_t index, size_t end) const {
    while (index < end && !closes(index) && !tokens_.is_symbol(index, ",")) {
      index = opens(index) ? past_structure(index) : index + 1;
    }
    return std::min(index, tokens_.size());
  }

  const StatementTokens& tokens_;
  const catalog::KeySchema* const keys_;
  size_t at_ = 0;
  bool in_where_ = false;
  std::string out_;
};

}  // namespace

std::string redact_statement(const StatementTokens& tokens, const catalog::KeySchema* keys) {
  return Redaction(tokens, keys).run();
}

}  // namespace millrace::audit
