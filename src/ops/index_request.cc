#include "ops/index_request.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "ops/input.h"
#include "ops/table_request.h"

namespace millrace::ops {
namespace {

using catalog::BillingMode;
using catalog::Index;
using catalog::ProjectionType;
using catalog::Table;

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";
// Developer Guide, "Quotas".
constexpr size_t kLocalIndexesMax = 5;
constexpr size_t kProjectedAttributesMax = 100;

Error invalid(std::string_view what) {
  return validation_error(std::string(kInvalid) + std::string(what));
}

Status read_projection(json::Object input, Index& index) {
  const auto projection = optional_object(input, "Projection");
  const auto name = projection ? optional_string(*projection, "ProjectionType") : std::nullopt;
  if (!name) return invalid("Unknown ProjectionType: null");
  index.projection_type = catalog::projection_type_of_name(*name).value();
  json::Array attributes;
  auto listed = json::member(*projection, "NonKeyAttributes");
  if (listed && listed->get(attributes) != simdjson::SUCCESS) listed = std::nullopt;
  const bool includes = index.projection_type == ProjectionType::kInclude;
  if (listed && !includes) {
    return invalid(fmt::format("ProjectionType is {}, but NonKeyAttributes is specified", *name));
  }
  if (!listed && includes) {
    return invalid("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  if (!listed) return Done{};
  for (json::Element attribute : attributes) {
    std::string_view text;
    auto& names = index.non_key_attributes;
    if (attribute.get(text) != simdjson::SUCCESS) continue;
    if (std::find(names.begin(), names.end(), text) != names.end()) {
      return invalid(fmt::format("Duplicate element in NonKeyAttributes: {}", text));
    }
    names.emplace_back(text);
  }
  return Done{};
}

Status read_index_throughput(json::Object input, BillingMode billing_mode, Index& index) {
  const auto throughput = TRY(read_throughput(input));
  if (billing_mode == BillingMode::kPayPerRequest && throughput) {
    return invalid(fmt::format(
        "ProvisionedThroughput should not be specified for index: {} when BillingMode is "
        "PAY_PER_REQUEST",
        index.name));
  }
  if (billing_mode == BillingMode::kProvisioned && !throughput) {
    return invalid(fmt::format("ProvisionedThroughput is not specified for index: {}", index.name));
  }
  if (throughput) index.throughput = *throughput;
  return Done{};
}

Result<Index> read_local_index(json::Object input, const Table& table) {
  Index index;
  index.name = string_or_empty(input, "IndexName");
  index.key_schema = TRY(read_index_key_schema(input, false, table.attribute_definitions));
  if (index.key_schema.sort_keys.empty()) {
    return invalid(
        fmt::format("Index KeySchema does not have a range key for index: {}", index.name));
  }
  const std::string& partition_key = index.key_schema.partition_keys.front().name;
  if (partition_key != table.key_schema.partition_key.name) {
    return invalid(fmt::format(
        "Index KeySchema does not have the same leading hash key as table KeySchema for index: {}. "
        "index hash key: {}, table hash key: {}",
        index.name, partition_key, table.key_schema.partition_key.name));
  }
  TRY(read_projection(input, index));
  return index;
}

size_t projected_attribute_count(const Table& table) {
  return std::accumulate(
      table.indexes.begin(), table.indexes.end(), size_t{0},
      [](size_t sum, const Index& index) { return sum + index.non_key_attributes.size(); });
}

Status read_local_indexes(json::Object input, catalog::Catalog& catalog, Table& table) {
  if (!json::member(input, "LocalSecondaryIndexes")) return Done{};
  const auto indexes = objects_of(input, "LocalSecondaryIndexes");
  if (indexes.empty()) return invalid("List of LocalSecondaryIndexes is empty");
  if (!table.key_schema.sort_key) {
    return invalid(
        "Table KeySchema does not have a range key, which is required when specifying a "
        "LocalSecondaryIndex");
  }
  for (json::Object index : indexes) {
    TRY(add_index(catalog, table, TRY(read_local_index(index, table))));
  }
  return Done{};
}

Status read_global_indexes(json::Object input, catalog::Catalog& catalog, Table& table) {
  if (!json::member(input, "GlobalSecondaryIndexes")) return Done{};
  const auto indexes = objects_of(input, "GlobalSecondaryIndexes");
  if (indexes.empty()) return invalid("List of GlobalSecondaryIndexes is empty");
  for (json::Object index : indexes) {
    TRY(add_index(catalog, table,
                  TRY(read_global_index(index, table.billing_mode, table.attribute_definitions))));
  }
  return Done{};
}

}  // namespace

Status read_indexes(json::Object input, catalog::Catalog& catalog, Table& table) {
  TRY(read_local_indexes(input, catalog, table));
  return read_global_indexes(input, catalog, table);
}

Result<Index> read_global_index(json::Object input, BillingMode billing_mode,
                                const AttributeDefinitions& definitions) {
  TRY(refuse_unsupported(input, {"OnDemandThroughput", "WarmThroughput"}));
  Index index;
  index.global = true;
  index.name = string_or_empty(input, "IndexName");
  index.key_schema = TRY(read_index_key_schema(input, true, definitions));
  TRY(read_projection(input, index));
  TRY(read_index_throughput(input, billing_mode, index));
  return index;
}

size_t count_of_global_indexes(const Table& table) {
  return static_cast<size_t>(std::count_if(table.indexes.begin(), table.indexes.end(),
                                           [](const Index& index) { return index.global; }));
}

Status add_index(catalog::Catalog& catalog, Table& table, Index index) {
  if (table.find_index(index.name) != nullptr) {
    return invalid("Duplicate index name: " + index.name);
  }
  const size_t global_count = count_of_global_indexes(table);
  if (!index.global && table.indexes.size() - global_count == kLocalIndexesMax) {
    return invalid(fmt::format("Number of LocalSecondaryIndexes exceeds per-table limit of {}",
                               kLocalIndexesMax));
  }
  if (index.global && global_count == kGlobalIndexesMax) {
    return invalid(fmt::format("GlobalSecondaryIndex count exceeds the per-table limit of {}",
                               kGlobalIndexesMax));
  }
  index.number = table.next_index_number++;
  if (index.global) index.partition = catalog.new_partition_id();
  table.indexes.push_back(std::move(index));
  if (projected_attribute_count(table) > kProjectedAttributesMax) {
    return invalid(
        fmt::format("Number of NonKeyAttributes of all indexes exceeds the per-table limit of {}",
                    kProjectedAttributesMax));
  }
  return Done{};
}

}  // namespace millrace::ops
