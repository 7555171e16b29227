// A page of items: what Query and Scan return once they know where to look.
#pragma once

#include "ops/consumed_capacity.h"
#include "ops/item_source.h"

namespace millrace::ops {

// Which part of an item is shown, and which items.
struct PageOptions {
  std::optional<expr::Condition> filter;
  std::string_view filter_name = "Filter Expression";  // as messages call it
  std::optional<expr::Projection> projection;
  bool count_only = false;            // Select=COUNT
  bool all_attributes = false;        // Select=ALL_ATTRIBUTES
  bool projected_attributes = false;  // Select=ALL_PROJECTED_ATTRIBUTES
  std::optional<size_t> limit;        // of items looked at, before the filter
  bool consistent = false;
  ReturnConsumedCapacity return_consumed_capacity = ReturnConsumedCapacity::kNone;
};

// Reads FilterExpression, ProjectionExpression, Select, Limit, ConsistentRead and
// ReturnConsumedCapacity. `placeholders` may have been used by other expressions before; the caller
// checks that all are used. `options` holds what the legacy parameters say already.
[[nodiscard]] Result<PageOptions> read_page_options(json::Object input,
                                                    expr::Placeholders& placeholders,
                                                    PageOptions options);

// ValidationException when the source cannot show what the options ask for: a global index has only
// what it projects.
[[nodiscard]] Status check_page_options(const ItemSource& source, const PageOptions& options);

struct ItemPage {
  std::string items_json;  // an array; empty for count_only
  size_t count = 0;        // of items that the filter let through
  size_t scanned_count = 0;
  std::optional<Item> last_key;  // where more may follow
  TableUnits units;
};

// Looks through the ranges of the source's keys in turn until `limit` items or 1 MB of them have
// been seen. What a local index does not project is fetched from the table.
[[nodiscard]] Result<ItemPage> read_page(const Database& database, const ItemSource& source,
                                         const std::vector<engine::KeyRange>& ranges,
                                         engine::Direction direction, const PageOptions& options);

// The same as a response: Items, Count, ScannedCount, LastEvaluatedKey where more may follow,
// ConsumedCapacity.
[[nodiscard]] Result<std::string> write_page(const Database& database, const ItemSource& source,
                                             const std::vector<engine::KeyRange>& ranges,
                                             engine::Direction direction,
                                             const PageOptions& options);

}  // namespace millrace::ops
