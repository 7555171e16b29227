// Which items a request names by their keys: by key, in batches and transactions, and in
// statements, as `requestParameters` tells of them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "model/attribute_value.h"

namespace millrace::audit::query {

// Numbers that stand for items, each once: the same for the same table name and key, and different
// for different ones but by an accident that does not happen. Of a table that is not there any
// more, the types of keys are taken as the JSON has them.
[[nodiscard]] std::vector<int64_t> items_of(const catalog::Catalog& catalog,
                                            std::string_view request_parameters_json);
// The number of one item.
[[nodiscard]] int64_t item_of(std::string_view table_name, const AttributeMap& key);

}  // namespace millrace::audit::query
