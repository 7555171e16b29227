// What an item may hold in the key attributes of its table's indexes: their types and nothing
// empty; an attribute that is absent only leaves the item out of the index.
#pragma once

#include "catalog/table.h"
#include "expr/update.h"

namespace millrace::ops {

// Of an item as a request gives it.
[[nodiscard]] Status check_index_keys(const catalog::Table& table, const Item& item);

// Of the same only whether what is there is empty, for a transaction, which that refuses as a
// whole.
[[nodiscard]] Status check_index_keys_not_empty(const catalog::Table& table, const Item& item);

// Of an update, before the item is known: the types it sets and the paths it takes.
[[nodiscard]] Status check_index_key_update(const catalog::Table& table,
                                            const expr::Update& update);

// Of an item that an update made.
[[nodiscard]] Status check_updated_index_keys(const catalog::Table& table, const Item& item);

}  // namespace millrace::ops
