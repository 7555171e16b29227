#pragma once

#include <string_view>

#include "audit/query/sqlite.h"

namespace millrace::audit::query {

// Adds the functions that statements of CloudTrail Lake use and SQLite lacks: element_at(json, key)
// with a name or a number from 1, and regexp_like(text, pattern).
[[nodiscard]] Status add_query_functions(Database& database);

// Whether a statement may call it: nothing that reads or changes more than its arguments.
[[nodiscard]] bool is_query_function(std::string_view name);

}  // namespace millrace::audit::query
