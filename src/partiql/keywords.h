// The reserved words of PartiQL: those of SQL-92, without the parts of dates, and its own.
#pragma once

#include <string_view>

namespace millrace::partiql {

// `word` in small letters.
[[nodiscard]] bool is_keyword(std::string_view word);
// Keywords that may be called.
[[nodiscard]] bool is_function_keyword(std::string_view word);
// Words that may follow IS: "character varying" and "double precision" in one.
[[nodiscard]] bool is_type_name(std::string_view word);

}  // namespace millrace::partiql
