#include "ops/list_tables.h"

#include "json/writer.h"
#include "ops/input.h"

namespace millrace::ops {
namespace {

constexpr int64_t kPageTables = 100;

}  // namespace

Result<std::string> list_tables(const Call& call) {
  const auto limit =
      static_cast<size_t>(optional_integer(call.input, "Limit").value_or(kPageTables));
  const std::string after = string_or_empty(call.input, "ExclusiveStartTableName");
  auto names = call.database.catalog.table_names(after, limit + 1);
  const bool more = names.size() > limit;
  if (more) names.pop_back();

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("TableNames");
  writer.begin_array();
  for (const std::string& name : names) writer.string(name);
  writer.end_array();
  if (more) writer.member("LastEvaluatedTableName", names.back());
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
