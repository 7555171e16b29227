// What the batch operations' RequestItems have in common: a map of table names, or ARNs, to what is
// asked of each table.
#pragma once

#include "ops/call.h"

namespace millrace::ops {

// One entry of RequestItems.
struct BatchEntry {
  std::string_view table_name;  // as the request gives it; lives as long as the call's input
  json::Element value;
};

// ValidationException when there is none.
[[nodiscard]] Result<std::vector<BatchEntry>> read_request_items(const Call& call,
                                                                 std::string_view operation);

// As find_table_of_item(), for a table that an entry names.
[[nodiscard]] Result<catalog::TablePointer> find_table_of_entry(const Database& database,
                                                                std::string_view name_or_arn);

[[nodiscard]] Error duplicate_keys();
// The sum over all tables is too large.
[[nodiscard]] Error too_many_items(std::string_view operation);

}  // namespace millrace::ops
