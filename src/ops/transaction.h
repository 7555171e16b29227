// What TransactWriteItems and whoever else writes several items at once have in common: the writes
// in the lanes, and the error that tells action by action why there were none.
#pragma once

#include "expr/projection.h"
#include "json/writer.h"
#include "ops/database.h"
#include "ops/item_write.h"

namespace millrace::ops {

inline constexpr size_t kTransactionBytesMax = 4 * 1024 * 1024;

struct TransactionAction {
  catalog::TablePointer table;
  ItemKey key;
  DecideItem decide;
};

// TransactionCanceledException with one reason an action, in order: what it was refused with, or
// "None". An outcome that no client causes, such as a disk's failure, is the answer instead.
[[nodiscard]] Error transaction_cancelled(std::vector<Status> outcomes);

// ValidationException when two actions have one item.
[[nodiscard]] Status check_distinct(const std::vector<TransactionAction>& actions);

[[nodiscard]] Error transaction_too_large();

// Reads the items as of one moment, in the order of the actions. TransactionCanceledException when
// a table has no units for it. `units` gets what each table is charged.
[[nodiscard]] Result<std::vector<std::optional<Bytes>>> read_transaction_items(
    const Database& database, const std::vector<TransactionAction>& actions,
    std::vector<TableUnits>& units);

// One element of Responses: {"Item": …} as far as the projection shows it, or {} where there is
// none.
[[nodiscard]] Status write_transaction_item(json::Writer& writer, const std::optional<Bytes>& item,
                                            const std::optional<expr::Projection>& projection);

// The items in the order of the actions.
using TransactionDone = std::function<void(Result<std::vector<WrittenItem>>)>;

// Writes all of it or nothing. `request`, which has begun, is stored in the same commit, and
// ended before `done` is called.
void write_transaction(Database& database, std::vector<TransactionAction> actions,
                       std::optional<TokenedRequest> request, TransactionDone done,
                       api::WriteObserverPointer observer = nullptr);

}  // namespace millrace::ops
