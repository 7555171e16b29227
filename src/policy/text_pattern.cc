#include "policy/text_pattern.h"

#include <algorithm>
#include <array>

#include "policy/letters.h"

namespace millrace::policy {
namespace {

// Neither occurs in UTF-8.
constexpr char kAnyText = '\xFF';
constexpr char kAnyCharacter = '\xFE';
constexpr char kNoSymbol = '\xFD';

constexpr size_t kNowhere = std::string_view::npos;

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// Where the character at `at` ends.
size_t next_character(std::string_view text, size_t at) {
  do ++at;
  while (at < text.size() && continues_character(text[at]));
  return at;
}

// Where `segment`, which has no *, ends in `text` when it begins at `at`; kNowhere: it is not
// there.
size_t match_at(std::string_view segment, std::string_view text, size_t at, bool ignores_case) {
  for (const char symbol : segment) {
    if (at >= text.size()) return kNowhere;
    if (symbol == kAnyCharacter) {
      at = next_character(text, at);
    } else if (symbol == text[at] || (ignores_case && symbol == lower(text[at]))) {
      ++at;
    } else {
      return kNowhere;
    }
  }
  return at;
}

// Where the first `segment` from `at` on ends.
size_t find_segment(std::string_view segment, std::string_view text, size_t at, bool ignores_case) {
  if (!ignores_case && segment.find(kAnyCharacter) == kNowhere) {
    const size_t found = text.find(segment, at);
    return found == kNowhere ? kNowhere : found + segment.size();
  }
  for (; at <= text.size(); at = next_character(text, at)) {
    const size_t end = match_at(segment, text, at, ignores_case);
    if (end != kNowhere) return end;
  }
  return kNowhere;
}

// Whether `text` ends with `segment`, which begins at `at` or behind it.
bool ends_with_segment(std::string_view segment, std::string_view text, size_t at,
                       bool ignores_case) {
  const auto is_first = [](char byte) { return !continues_character(byte); };
  auto characters = std::count_if(segment.begin(), segment.end(), is_first);
  size_t begin = text.size();
  for (; characters > 0 && begin > at; --characters) {
    do --begin;
    while (begin > at && continues_character(text[begin]));
  }
  return characters == 0 && match_at(segment, text, begin, ignores_case) == text.size();
}

// What is before the first * is where the text begins, what is behind the last where it ends, and
// each segment between them is best taken where it comes first.
bool matches_symbols(std::string_view symbols, std::string_view text, bool ignores_case) {
  size_t star = symbols.find(kAnyText);
  if (star == kNowhere) return match_at(symbols, text, 0, ignores_case) == text.size();
  size_t at = match_at(symbols.substr(0, star), text, 0, ignores_case);
  while (at != kNowhere) {
    symbols.remove_prefix(star + 1);
    star = symbols.find(kAnyText);
    if (star == kNowhere) return ends_with_segment(symbols, text, at, ignores_case);
    at = find_segment(symbols.substr(0, star), text, at, ignores_case);
  }
  return false;
}

constexpr size_t kArnFields = 6;
constexpr std::string_view kAnything(&kAnyText, 1);

// The last field has all that follows. Returns how many fields there are.
size_t split_arn(std::string_view arn, std::array<std::string_view, kArnFields>& fields) {
  size_t count = 0;
  while (count + 1 < kArnFields) {
    const size_t colon = arn.find(':');
    if (colon == kNowhere) break;
    fields[count++] = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  fields[count++] = arn;
  return count;
}

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

TextPattern::TextPattern(std::string_view text, PatternSyntax syntax)
    : pieces_(1), ignores_case_(syntax.ignores_case) {
  while (!text.empty()) {
    std::string& symbols = pieces_.back().symbols;
    if (syntax.variables && text.starts_with("${")) {
      const size_t end = text.find('}');
      if (end == kNowhere) {
        // Nothing that follows is a variable either.
        syntax.variables = false;
        continue;
      }
      const std::string_view inside = text.substr(2, end - 2);
      text.remove_prefix(inside.size() + 3);
      if (inside == "*" || inside == "?" || inside == "$") {
        symbols += inside;
        continue;
      }
      const size_t comma = inside.find(',');
      Variable variable{read_condition_key(trim(inside.substr(0, comma))), std::nullopt};
      if (comma != kNowhere) {
        std::string_view value = trim(inside.substr(comma + 1));
        if (value.size() >= 2 && value.starts_with('\'') && value.ends_with('\'')) {
          variable.default_value = value.substr(1, value.size() - 2);
        }
      }
      pieces_.back().variable = std::move(variable);
      pieces_.emplace_back();
      has_variables_ = true;
      continue;
    }
    const char letter = text.front();
    text.remove_prefix(1);
    if (syntax.wildcards && letter == '*') {
      if (!symbols.ends_with(kAnyText)) symbols += kAnyText;
      has_wildcards_ = true;
    } else if (syntax.wildcards && letter == '?') {
      symbols += kAnyCharacter;
      has_wildcards_ = true;
    } else {
      symbols += ignores_case_ ? lower(letter) : letter;
    }
  }
}

bool TextPattern::matches_everything() const {
  return pieces_.size() == 1 && pieces_.front().symbols == kAnything;
}

void TextPattern::append_variables(std::vector<std::string>& names) const {
  for (const Piece& piece : pieces_) {
    if (piece.variable) names.push_back(piece.variable->key.name);
  }
}

std::optional<std::string> TextPattern::resolve(const RequestKeys& keys) const {
  std::string symbols;
  for (const Piece& piece : pieces_) {
    symbols += piece.symbols;
    if (!piece.variable) continue;
    const auto values = keys.values(piece.variable->key);
    const bool has_one = values && values->size() == 1;
    if (!has_one && !piece.variable->default_value) return std::nullopt;
    for (const char letter : has_one ? values->front() : *piece.variable->default_value) {
      // A value that is not UTF-8 brings no wildcards either.
      const bool is_symbol = letter == kAnyText || letter == kAnyCharacter;
      symbols += is_symbol ? kNoSymbol : (ignores_case_ ? lower(letter) : letter);
    }
  }
  return symbols;
}

bool TextPattern::compare(std::string_view symbols, std::string_view text) const {
  if (!has_wildcards_ && symbols.size() != text.size()) return false;
  if (!has_wildcards_ && !ignores_case_) return symbols == text;
  return matches_symbols(symbols, text, ignores_case_);
}

bool TextPattern::matches(std::string_view text, const RequestKeys& keys) const {
  if (!has_variables_) return compare(pieces_.front().symbols, text);
  const auto symbols = resolve(keys);
  return symbols && compare(*symbols, text);
}

bool TextPattern::matches_arn(std::string_view arn, const RequestKeys& keys) const {
  std::optional<std::string> resolved;
  if (has_variables_) {
    resolved = resolve(keys);
    if (!resolved) return false;
  }
  std::array<std::string_view, kArnFields> wanted;
  wanted.fill(kAnything);
  split_arn(resolved ? std::string_view(*resolved) : pieces_.front().symbols, wanted);
  std::array<std::string_view, kArnFields> fields;
  if (split_arn(arn, fields) < kArnFields) return false;
  for (size_t i = 0; i < kArnFields; ++i) {
    if (!matches_symbols(wanted[i], fields[i], ignores_case_)) return false;
  }
  return true;
}

}  // namespace millrace::policy
