// TableDescription, as CreateTable, DescribeTable, UpdateTable and DeleteTable return it.
#pragma once

#include "catalog/arn.h"
#include "json/writer.h"
#include "ops/lane.h"

namespace millrace::ops {

void write_key_schema(json::Writer& writer, const catalog::KeySchema& schema);
void write_key_schema(json::Writer& writer, const catalog::CompositeKeySchema& schema);

// The value alone. `status` is what the table's status is shown as: the service names the change
// that a request began, while here it is already done.
void write_table_description(json::Writer& writer, const catalog::Site& site,
                             const catalog::Table& table, const PartitionStatistics& statistics,
                             std::string_view status);

// {"<member>": description}: the whole response of the operations above.
[[nodiscard]] std::string table_response(std::string_view member, const catalog::Site& site,
                                         const catalog::Table& table,
                                         const PartitionStatistics& statistics,
                                         std::string_view status);

}  // namespace millrace::ops
