// dynamodb:LeadingKeys and dynamodb:FullTableScan: which partition keys a request reads or writes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/inquiry.h"
#include "catalog/catalog.h"

namespace millrace::access {

// The values of the partition keys: of the index where the request reads one. Numbers in plain
// decimal notation, binaries in base64. nullopt when the request names none: a Scan, a SELECT that
// looks through everything, and what the operation will refuse because it cannot be read.
[[nodiscard]] std::optional<std::vector<std::string>> leading_keys(const catalog::Catalog& catalog,
                                                                   const Part& part);

// Of a SELECT alone: whether its WHERE leaves the partition key open.
[[nodiscard]] std::optional<bool> is_full_table_scan(const catalog::Catalog& catalog,
                                                     const Part& part);

}  // namespace millrace::access
