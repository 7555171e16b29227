// What the table operations' requests have in common.
#pragma once

#include <optional>

#include "ops/call.h"

namespace millrace::ops {

struct StreamSpecification {
  bool enabled = false;
  catalog::StreamViewType view_type = catalog::StreamViewType::kKeysOnly;
};
// `missing` and `superfluous`: what is said of a StreamViewType that is so.
[[nodiscard]] Result<std::optional<StreamSpecification>> read_stream_specification(
    json::Object input, std::string_view missing, std::string_view superfluous);

// The units asked for, or nullopt. ValidationException when they are out of bounds.
[[nodiscard]] Result<std::optional<catalog::Throughput>> read_throughput(json::Object input);

// ResourceNotFoundException "Requested resource not found: Table: NAME not found".
[[nodiscard]] Result<catalog::TablePointer> find_table_by_name(const Call& call);
[[nodiscard]] Error table_not_found(std::string_view name);

// The latest stream that any table of that name had, or nullptr.
[[nodiscard]] catalog::StreamPointer latest_stream_of_name(const catalog::Catalog& catalog,
                                                           std::string_view table_name);

// Over all partitions of the table.
[[nodiscard]] PartitionStatistics statistics_of(const Database& database,
                                                const catalog::Table& table);

}  // namespace millrace::ops
