// A page of items: what Query and Scan return once they know where to look.
#pragma once

#include "ops/consumed_capacity.h"
#include "ops/item_request.h"

namespace millrace::ops {

// Which part of an item is shown, and which items.
struct PageOptions {
  std::optional<expr::Condition> filter;
  std::string_view filter_name = "Filter Expression";  // as messages call it
  std::optional<expr::Projection> projection;
  bool count_only = false;      // Select=COUNT
  std::optional<size_t> limit;  // of items looked at, before the filter
  bool consistent = false;
  ReturnConsumedCapacity return_consumed_capacity = ReturnConsumedCapacity::kNone;
};

// Reads FilterExpression, ProjectionExpression, Select, Limit, ConsistentRead and
// ReturnConsumedCapacity. `placeholders` may have been used by other expressions before; the caller
// checks that all are used. `options` holds what the legacy parameters say already.
[[nodiscard]] Result<PageOptions> read_page_options(json::Object input,
                                                    expr::Placeholders& placeholders,
                                                    PageOptions options);

// A stretch of one partition.
struct PageStretch {
  engine::PartitionId partition;
  engine::KeyRange range;
};

// Looks through the stretches in turn until `limit` items or 1 MB of them have been seen, and
// writes the response: Items, Count, ScannedCount, LastEvaluatedKey where more may follow,
// ConsumedCapacity.
[[nodiscard]] Result<std::string> write_page(const Database& database, const catalog::Table& table,
                                             const std::vector<PageStretch>& stretches,
                                             engine::Direction direction,
                                             const PageOptions& options);

// ExclusiveStartKey, or nullopt.
[[nodiscard]] Result<std::optional<Item>> read_start_key(json::Object input);
// ValidationException for a start key that no item of the table can have.
[[nodiscard]] Result<ItemKey> check_start_key(const catalog::KeySchema& schema, Item start_key);

// ValidationException when the request names an index: tables have none.
[[nodiscard]] Status check_index_name(json::Object input);

}  // namespace millrace::ops
