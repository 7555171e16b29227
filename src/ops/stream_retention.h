// Keeps the streams of a table to what its tags say of their retention.
#pragma once

#include "catalog/catalog.h"

namespace millrace::ops {

// All streams that the table ever had and that are still there, the latest last.
[[nodiscard]] std::vector<catalog::StreamPointer> streams_of(const catalog::Catalog& catalog,
                                                             const catalog::Table& table);

// `table` has new tags; the streams that change with them go into `change`. For the lanes of the
// table. ValidationException for a tag that is no retention.
[[nodiscard]] Status apply_retention_tag(const catalog::Catalog& catalog, catalog::Table& table,
                                         catalog::Change& change);

}  // namespace millrace::ops
