#include "audit/query/query_rewrite.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "audit/query/query_tokens.h"
#include "audit/query/record_fields.h"

namespace millrace::audit::query {
namespace {

using Kind = QueryToken::Kind;

// Names of Trino and of SQLite for the same function.
struct FunctionName {
  std::string_view trino;
  std::string_view sqlite;
};
constexpr auto kFunctions = std::to_array<FunctionName>({
    {"cardinality", "json_array_length"},
    {"json_extract_scalar", "json_extract"},
    {"strpos", "instr"},
});

// What ends the list of columns of a SELECT that has no FROM.
constexpr auto kClauses = std::to_array<std::string_view>(
    {"where", "group", "having", "window", "order", "limit", "union", "intersect", "except"});

struct Part {
  std::string text;               // of a name
  std::optional<uint64_t> index;  // of an element, from 1
};

class Rewriter {
 public:
  explicit Rewriter(std::vector<QueryToken> tokens) : tokens_(std::move(tokens)) {}

  Result<RewrittenQuery> run() {
    if (!at_word("select") && !at_word("with")) {
      return invalid_statement("only SELECT is allowed");
    }
    while (current().kind != Kind::kEnd) TRY(take());
    add_missing_from();
    return std::move(query_);
  }

 private:
  [[nodiscard]] const QueryToken& current() const { return tokens_[at_]; }
  [[nodiscard]] const QueryToken& ahead(size_t count) const {
    return tokens_[std::min(at_ + count, tokens_.size() - 1)];
  }
  static bool is_word(const QueryToken& token, std::string_view word) {
    return token.kind == Kind::kWord && equal_in_any_case(token.text, word);
  }
  static bool is_symbol(const QueryToken& token, std::string_view symbol) {
    return token.kind == Kind::kSymbol && token.text == symbol;
  }
  [[nodiscard]] bool at_word(std::string_view word) const { return is_word(current(), word); }
  static bool is_name(const QueryToken& token) {
    return token.kind == Kind::kWord || token.kind == Kind::kQuoted || token.kind == Kind::kStore;
  }

  void emit(std::string_view text, bool spaced) {
    if (spaced && !query_.sql.empty()) query_.sql += ' ';
    query_.sql += text;
  }
  static std::string quoted(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) {
      text += c;
      if (c == '"') text += c;
    }
    return text + '"';
  }

  Status take() {
    const QueryToken& token = current();
    switch (token.kind) {
      case Kind::kWord:
      case Kind::kQuoted:
      case Kind::kStore:
        return take_name();
      case Kind::kSymbol:
        return take_symbol();
      default:
        emit(token.text, token.spaced);
        ++at_;
        return Done{};
    }
  }

  Status take_symbol() {
    const QueryToken& token = current();
    const std::string& symbol = token.text;
    if (symbol == "?" || symbol == ":" || symbol == "@" || symbol == "$" || symbol == "#") {
      return invalid_statement("it has parameters");
    }
    if (symbol == "[" || symbol == "]") {
      return invalid_statement("brackets are for the elements of a member of the record");
    }
    if (symbol == ";") {
      if (ahead(1).kind != Kind::kEnd) return invalid_statement("it is more than one statement");
      ++at_;
      return Done{};
    }
    if (symbol == "(") ++depth_;
    if (symbol == ")") --depth_;
    emit(symbol, token.spaced);
    ++at_;
    return Done{};
  }

  Status take_name() {
    const QueryToken& token = current();
    const bool behind_dot = at_ > 0 && is_symbol(tokens_[at_ - 1], ".");
    if (token.kind == Kind::kWord && !behind_dot && !is_symbol(ahead(1), ".")) {
      if (take_type()) return Done{};
      note_clause(token.text);
      if (is_symbol(ahead(1), "(")) {
        emit(function_name(token.text), token.spaced);
        ++at_;
        return Done{};
      }
    }
    return take_path();
  }

  // TIMESTAMP '…' is the text alone, and CAST(… AS timestamp) makes a text: times are compared as
  // texts.
  bool take_type() {
    if (!at_word("timestamp") && !at_word("date")) return false;
    if (ahead(1).kind == Kind::kString) {
      ++at_;
      return true;
    }
    if (at_ == 0 || !is_word(tokens_[at_ - 1], "as") || !is_symbol(ahead(1), ")")) return false;
    emit("TEXT", true);
    ++at_;
    return true;
  }

  static std::string_view function_name(std::string_view name) {
    for (const FunctionName& function : kFunctions) {
      if (equal_in_any_case(function.trino, name)) return function.sqlite;
    }
    return name;
  }

  // Of the outermost SELECT, and of those that UNION and the like combine with it.
  void note_clause(std::string_view word) {
    if (depth_ != 0) return;
    if (equal_in_any_case(word, "from")) lacks_from_ = false;
    const bool ends_columns = std::ranges::any_of(
        kClauses, [&](std::string_view clause) { return equal_in_any_case(clause, word); });
    if (ends_columns) add_missing_from();
    if (equal_in_any_case(word, "select")) lacks_from_ = true;
  }

  void add_missing_from() {
    if (lacks_from_) query_.sql += fmt::format(" FROM {}", kAllEvents);
    lacks_from_ = false;
  }

  // A name and what is behind its dots and in its brackets.
  Status take_path() {
    const size_t begin = at_;
    std::vector<Part> parts = {{current().text, std::nullopt}};
    note_store(current());
    ++at_;
    while (take_dotted(parts) || TRY(take_element(parts))) {
    }
    const RecordField* field = find_record_field(parts[0].text);
    if (field != nullptr && parts.size() > 1) {
      return emit_extraction(std::string(field->name), *field, parts, 1, tokens_[begin].spaced);
    }
    field = parts.size() > 2 && !parts[1].index ? find_record_field(parts[1].text) : nullptr;
    if (field != nullptr) {
      return emit_extraction(fmt::format("{}.{}", quoted(parts[0].text), field->name), *field,
                             parts, 2, tokens_[begin].spaced);
    }
    return emit_unchanged(begin);
  }

  bool take_dotted(std::vector<Part>& parts) {
    if (!is_symbol(current(), ".") || !is_name(ahead(1))) return false;
    parts.push_back({ahead(1).text, std::nullopt});
    at_ += 2;
    return true;
  }

  Result<bool> take_element(std::vector<Part>& parts) {
    if (!is_symbol(current(), "[")) return false;
    const QueryToken& element = ahead(1);
    if (!is_symbol(ahead(2), "]")) return false;
    if (element.kind == Kind::kString) {
      std::string name = element.text.substr(1, element.text.size() - 2);
      parts.push_back({std::move(name), std::nullopt});
    } else if (element.kind != Kind::kNumber) {
      return false;
    } else {
      uint64_t index = 0;
      const char* end = element.text.data() + element.text.size();
      const auto parsed = std::from_chars(element.text.data(), end, index);
      if (parsed.ec != std::errc() || parsed.ptr != end || index == 0) {
        return invalid_statement("elements are counted from 1");
      }
      parts.push_back({"", index});
    }
    at_ += 3;
    return true;
  }

  void note_store(const QueryToken& token) {
    if (token.kind != Kind::kStore) return;
    if (std::ranges::find(query_.stores, token.text) == query_.stores.end()) {
      query_.stores.push_back(token.text);
    }
  }

  Status emit_extraction(const std::string& column, const RecordField& field,
                         const std::vector<Part>& parts, size_t first, bool spaced) {
    std::string path = "$";
    std::string name = std::string(field.name);
    for (size_t i = first; i < parts.size(); ++i) {
      if (parts[i].index) {
        path += fmt::format("[{}]", *parts[i].index - 1);
        continue;
      }
      const std::string member = spelled(field, parts[i].text);
      if (member.find_first_of("\"'\\") != std::string::npos) {
        return invalid_statement("a member of the record has no such name");
      }
      path += fmt::format(".\"{}\"", member);
      name = parts[i].text;
    }
    const std::string sql = fmt::format("json_extract({},'{}')", column, path);
    query_.column_names.emplace(sql, std::move(name));
    emit(sql, spaced);
    return Done{};
  }

  Status emit_unchanged(size_t begin) {
    for (size_t i = begin; i < at_; ++i) {
      const QueryToken& token = tokens_[i];
      if (is_symbol(token, "[")) {
        return invalid_statement("brackets are for the elements of a member of the record");
      }
      const bool is_quoted = token.kind == Kind::kQuoted || token.kind == Kind::kStore;
      emit(is_quoted ? quoted(token.text) : token.text, token.spaced);
    }
    return Done{};
  }

  std::vector<QueryToken> tokens_;
  size_t at_ = 0;
  int depth_ = 0;
  bool lacks_from_ = false;
  RewrittenQuery query_;
};

}  // namespace

Result<RewrittenQuery> rewrite_query(std::string_view statement) {
  return Rewriter(TRY(tokenize_query(statement))).run();
}

}  // namespace millrace::audit::query
