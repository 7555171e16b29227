// A PartiQL INSERT, UPDATE, DELETE or EXISTS on its way to the item.
#pragma once

#include "ops/consumed_capacity.h"
#include "ops/item_write.h"
#include "partiql/statement.h"

namespace millrace::ops {

// What write_item() and the transactions need to know.
struct StatementWrite {
  catalog::TablePointer table;
  ItemKey key;
  DecideItem decide;
  // What RETURNING shows of the written item, as JSON; nullopt when it shows nothing.
  std::function<Result<std::optional<std::string>>(const WrittenItem&)> show;
};

// Asserts that the statement is no read. `return_item_on_failure`: an unmet condition's error shows
// the item. Errors of `decide` are ConditionalCheckFailedException, DuplicateItemException and
// ValidationException.
[[nodiscard]] Result<StatementWrite> plan_write(const Database& database,
                                                partiql::Statement statement,
                                                bool return_item_on_failure);

// What the write was charged.
[[nodiscard]] TableUnits units_of(const StatementWrite& write, const WrittenItem& written);

}  // namespace millrace::ops
