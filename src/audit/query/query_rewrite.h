// Statements of CloudTrail Lake in the SQL of SQLite: dotted paths into a record become
// json_extract(), event data stores the names of views.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millrace::audit::query {

// The view that a statement reads that names no event data store: all events.
inline constexpr std::string_view kAllEvents = "events";

struct RewrittenQuery {
  std::string sql;
  std::vector<std::string> stores;  // ids of event data stores that it reads, each once
  // What columns without a name of their own are to be called, by what SQLite calls them.
  std::map<std::string, std::string, std::less<>> column_names;
};

// A SELECT without FROM reads all events. InvalidQueryStatementException for what is not one
// SELECT, perhaps behind WITH, or has parameters; whether it compiles is for SQLite to say.
[[nodiscard]] Result<RewrittenQuery> rewrite_query(std::string_view statement);

}  // namespace millrace::audit::query
