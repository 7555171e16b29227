#include "ops/batch_request.h"

#include <fmt/format.h>

#include "ops/input.h"
#include "ops/item_request.h"

namespace millrace::ops {

Result<std::vector<BatchEntry>> read_request_items(const Call& call, std::string_view operation) {
  std::vector<BatchEntry> entries;
  if (auto items = optional_object(call.input, "RequestItems")) {
    for (auto [name, value] : *items) {
      if (!value.is_null()) entries.push_back({name, value});
    }
  }
  if (entries.empty()) {
    return validation_error(
        fmt::format("The requestItems parameter is required for {}", operation));
  }
  return entries;
}

Result<catalog::TablePointer> find_table_of_entry(const Database& database,
                                                  std::string_view name_or_arn) {
  auto table =
      database.catalog.find_table(TRY(resolve_table_name(database, std::string(name_or_arn))));
  if (!table) return Error{ErrorCode::kResourceNotFoundException, "Requested resource not found"};
  return table;
}

Error duplicate_keys() {
  return validation_error("Provided list of item keys contains duplicates");
}

Error too_many_items(std::string_view operation) {
  return validation_error(fmt::format("Too many items requested for the {} call", operation));
}

}  // namespace millrace::ops
