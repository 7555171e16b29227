// LocalSecondaryIndexes and GlobalSecondaryIndexes of CreateTable, and what UpdateTable adds.
#pragma once

#include "ops/call.h"
#include "ops/key_schema_request.h"

namespace millrace::ops {

// Adds the indexes that CreateTable asks for to `table`, whose keys, definitions and billing mode
// are there.
[[nodiscard]] Status read_indexes(json::Object input, catalog::Catalog& catalog,
                                  catalog::Table& table);

// Developer Guide, "Quotas": of one table.
inline constexpr size_t kGlobalIndexesMax = 20;
[[nodiscard]] size_t count_of_global_indexes(const catalog::Table& table);

// One global index, not yet part of a table: without number and partition.
[[nodiscard]] Result<catalog::Index> read_global_index(json::Object index,
                                                       catalog::BillingMode billing_mode,
                                                       const AttributeDefinitions& definitions);

// Gives the index its number and its partition. ValidationException when the table has as many as
// it may have, or one of that name.
[[nodiscard]] Status add_index(catalog::Catalog& catalog, catalog::Table& table,
                               catalog::Index index);

}  // namespace millrace::ops
