#include "ops/table_request.h"

#include <limits>

#include <fmt/format.h>

#include "ops/input.h"
#include "ops/item_request.h"

namespace millrace::ops {
namespace {

constexpr int64_t kCapacityUnitsMax = 1'000'000'000'000;

Status check_units(std::string_view name, int64_t units) {
  if (units <= kCapacityUnitsMax) return Done{};
  return validation_error(fmt::format("Given value {} for {} is out of bounds", units, name));
}

}  // namespace

Result<std::optional<StreamSpecification>> read_stream_specification(json::Object input,
                                                                     std::string_view missing,
                                                                     std::string_view superfluous) {
  auto specification = optional_object(input, "StreamSpecification");
  if (!specification) return std::optional<StreamSpecification>();
  StreamSpecification read;
  read.enabled = optional_boolean(*specification, "StreamEnabled").value_or(false);
  auto view_type = optional_string(*specification, "StreamViewType");
  if (read.enabled != view_type.has_value()) {
    return validation_error("One or more parameter values were invalid: " +
                            std::string(read.enabled ? missing : superfluous));
  }
  if (view_type) read.view_type = catalog::stream_view_type_of_name(*view_type).value();
  return std::optional(read);
}

Result<std::optional<catalog::Throughput>> read_throughput(json::Object input) {
  auto requested = optional_object(input, "ProvisionedThroughput");
  if (!requested) return std::optional<catalog::Throughput>();
  catalog::Throughput throughput;
  throughput.read_capacity_units = optional_integer(*requested, "ReadCapacityUnits").value_or(0);
  throughput.write_capacity_units = optional_integer(*requested, "WriteCapacityUnits").value_or(0);
  TRY(check_units("ReadCapacityUnits", throughput.read_capacity_units));
  TRY(check_units("WriteCapacityUnits", throughput.write_capacity_units));
  return std::optional(throughput);
}

Error table_not_found(std::string_view name) {
  return {ErrorCode::kResourceNotFoundException,
          fmt::format("Requested resource not found: Table: {} not found", name)};
}

Result<catalog::TablePointer> find_table_by_name(const Call& call) {
  const std::string name = TRY(table_name_of(call));
  auto table = call.database.catalog.find_table(name);
  if (!table) return table_not_found(name);
  return table;
}

catalog::StreamPointer latest_stream_of_name(const catalog::Catalog& catalog,
                                             std::string_view table_name) {
  auto page = catalog.list_streams(table_name, "", "", std::numeric_limits<size_t>::max());
  return page.streams.empty() ? nullptr : page.streams.back();
}

PartitionStatistics statistics_of(const Database& database, const catalog::Table& table) {
  PartitionStatistics total;
  for (const catalog::Partition& partition : table.partitions) {
    auto lane = database.lanes.find(partition.id);
    if (!lane) continue;
    total += lane->statistics();
  }
  return total;
}

}  // namespace millrace::ops
