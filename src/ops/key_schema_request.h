// KeySchema and AttributeDefinitions of CreateTable and UpdateTable, with the service's checks in
// its order.
#pragma once

#include "catalog/table.h"
#include "json/document.h"

namespace millrace::ops {

using AttributeDefinitions = std::vector<catalog::KeyAttribute>;

[[nodiscard]] Result<AttributeDefinitions> read_attribute_definitions(json::Object input);

// Of the table: a partition key and perhaps a sort key.
[[nodiscard]] Result<catalog::KeySchema> read_table_key_schema(
    json::Object input, const AttributeDefinitions& definitions);

// Of an index; a global one may have up to four attributes of each kind.
[[nodiscard]] Result<catalog::CompositeKeySchema> read_index_key_schema(
    json::Object index, bool global, const AttributeDefinitions& definitions);

// ValidationException unless the keys of the table and of its indexes use all definitions.
[[nodiscard]] Status check_all_used(const catalog::Table& table);

}  // namespace millrace::ops
