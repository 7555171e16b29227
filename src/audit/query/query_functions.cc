#include "audit/query/query_functions.h"

#include <algorithm>
#include <array>

#include <re2/re2.h>

#include "audit/query/record_fields.h"
#include "json/document.h"

namespace millrace::audit::query {
namespace {

constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

constexpr auto kFunctions = std::to_array<std::string_view>({"abs",
                                                             "avg",
                                                             "char",
                                                             "coalesce",
                                                             "count",
                                                             "cume_dist",
                                                             "date",
                                                             "datetime",
                                                             "dense_rank",
                                                             "element_at",
                                                             "first_value",
                                                             "format",
                                                             "glob",
                                                             "group_concat",
                                                             "hex",
                                                             "ifnull",
                                                             "iif",
                                                             "instr",
                                                             "json",
                                                             "json_array",
                                                             "json_array_length",
                                                             "json_each",
                                                             "json_extract",
                                                             "json_group_array",
                                                             "json_group_object",
                                                             "json_object",
                                                             "json_quote",
                                                             "json_tree",
                                                             "json_type",
                                                             "json_valid",
                                                             "julianday",
                                                             "lag",
                                                             "last_value",
                                                             "lead",
                                                             "length",
                                                             "like",
                                                             "lower",
                                                             "ltrim",
                                                             "max",
                                                             "min",
                                                             "nth_value",
                                                             "ntile",
                                                             "nullif",
                                                             "percent_rank",
                                                             "printf",
                                                             "quote",
                                                             "rank",
                                                             "regexp_like",
                                                             "replace",
                                                             "round",
                                                             "row_number",
                                                             "rtrim",
                                                             "sign",
                                                             "strftime",
                                                             "substr",
                                                             "substring",
                                                             "sum",
                                                             "time",
                                                             "total",
                                                             "trim",
                                                             "typeof",
                                                             "unicode",
                                                             "unixepoch",
                                                             "upper",
                                                             "->",
                                                             "->>",
                                                             "current_timestamp",
                                                             "current_date",
                                                             "current_time"});

std::string_view text_of(sqlite3_value* value) {
  const unsigned char* text = sqlite3_value_text(value);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text), static_cast<size_t>(sqlite3_value_bytes(value))};
}

void give_text(sqlite3_context* context, std::string_view text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void give_element(sqlite3_context* context, json::Element element) {
  std::string_view text;
  if (element.is_null()) {
    sqlite3_result_null(context);
  } else if (element.get(text) == simdjson::SUCCESS) {
    give_text(context, text);
  } else {
    give_text(context, simdjson::minify(element));
  }
}

void element_at(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  const auto document = json::Document::parse(text_of(arguments[0]));
  if (!document) return sqlite3_result_null(context);
  json::Object object;
  json::Array array;
  if (document->root().get(object) == simdjson::SUCCESS) {
    const auto found = json::member(object, text_of(arguments[1]));
    return found ? give_element(context, *found) : sqlite3_result_null(context);
  }
  const int64_t index = sqlite3_value_int64(arguments[1]);
  json::Element element;
  if (index > 0 && document->root().get(array) == simdjson::SUCCESS &&
      array.at(static_cast<size_t>(index - 1)).get(element) == simdjson::SUCCESS) {
    return give_element(context, element);
  }
  sqlite3_result_null(context);
}

void delete_pattern(void* pattern) {
  delete static_cast<re2::RE2*>(pattern);
}

void regexp_like(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return sqlite3_result_null(context);
  auto* pattern = static_cast<re2::RE2*>(sqlite3_get_auxdata(context, 1));
  std::unique_ptr<re2::RE2> made;
  if (pattern == nullptr) {
    const std::string_view text = text_of(arguments[1]);
    made = std::make_unique<re2::RE2>(re2::StringPiece(text.data(), text.size()), re2::RE2::Quiet);
    pattern = made.get();
  }
  if (!pattern->ok()) {
    return sqlite3_result_error(context, "regexp_like: no regular expression", -1);
  }
  const std::string_view text = text_of(arguments[0]);
  const bool matches = re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern);
  sqlite3_result_int(context, matches ? 1 : 0);
  if (made) sqlite3_set_auxdata(context, 1, made.release(), delete_pattern);
}

}  // namespace

Status add_query_functions(Database& database) {
  const int first = sqlite3_create_function_v2(database.handle(), "element_at", 2, kFlags, nullptr,
                                               element_at, nullptr, nullptr, nullptr);
  const int second = sqlite3_create_function_v2(database.handle(), "regexp_like", 2, kFlags,
                                                nullptr, regexp_like, nullptr, nullptr, nullptr);
  if (first != SQLITE_OK || second != SQLITE_OK) {
    return internal_error("SQLite takes no functions");
  }
  return Done{};
}

bool is_query_function(std::string_view name) {
  return std::ranges::any_of(
      kFunctions, [&](std::string_view known) { return equal_in_any_case(known, name); });
}

}  // namespace millrace::audit::query
