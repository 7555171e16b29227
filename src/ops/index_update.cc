#include "ops/index_update.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ops/input.h"
#include "ops/table_request.h"
#include "ops/throughput_update.h"

namespace millrace::ops {
namespace {

using catalog::Index;
using catalog::KeyAttribute;
using catalog::Table;

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

Error only_one_at_a_time() {
  return {ErrorCode::kLimitExceededException,
          "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously "
          "per table"};
}

// The attributes that keys may use: those of the table, and those that the request adds.
AttributeDefinitions merged(const AttributeDefinitions& current,
                            const AttributeDefinitions& added) {
  AttributeDefinitions all = current;
  for (const KeyAttribute& definition : added) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const KeyAttribute& other) {
      return other.name == definition.name;
    });
    if (!known) all.push_back(definition);
  }
  return all;
}

// Only what the keys of the table and its indexes use.
AttributeDefinitions used_definitions(const Table& table) {
  std::set<std::string> used;
  for (std::string& name : table.key_schema.attribute_names()) used.insert(std::move(name));
  for (const Index& index : table.indexes) {
    for (const KeyAttribute& key : index.key_schema.attributes()) used.insert(key.name);
  }
  AttributeDefinitions definitions = table.attribute_definitions;
  std::erase_if(definitions,
                [&](const KeyAttribute& definition) { return !used.contains(definition.name); });
  return definitions;
}

Status check_definitions(const Table& table, const AttributeDefinitions& requested) {
  for (const KeyAttribute& definition : requested) {
    for (const KeyAttribute& current : table.attribute_definitions) {
      if (current.name == definition.name && current.type != definition.type) {
        return validation_error(fmt::format(
            "{}Attribute {} is defined with type {} and cannot be changed to {}", kInvalid,
            current.name, attribute_type_name(current.type), attribute_type_name(definition.type)));
      }
    }
  }
  return Done{};
}

Index* find_global_index(Table& table, std::string_view name) {
  auto found = std::find_if(table.indexes.begin(), table.indexes.end(),
                            [&](const Index& index) { return index.global && index.name == name; });
  return found == table.indexes.end() ? nullptr : &*found;
}

Error not_found(const Table& table, std::string_view doing, std::string_view index_name) {
  if (table.find_index(index_name) != nullptr) {
    return validation_error(fmt::format("Cannot {} an index that is not a GlobalSecondaryIndex: {}",
                                        doing, index_name));
  }
  return {ErrorCode::kResourceNotFoundException, "Requested resource not found"};
}

Status update_index_throughput(const IndexUpdates::ThroughputUpdate& update, Table& table,
                               int64_t now_milliseconds) {
  Index* index = find_global_index(table, update.index_name);
  if (index == nullptr) return not_found(table, "update", update.index_name);
  if (table.billing_mode == catalog::BillingMode::kPayPerRequest) {
    return validation_error(
        fmt::format("{}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for "
                    "index: {} when BillingMode is PAY_PER_REQUEST",
                    kInvalid, index->name));
  }
  return change_throughput(index->throughput, update.throughput,
                           fmt::format("index {}", index->name), now_milliseconds);
}

Status create_index(Index index, catalog::Catalog& catalog, Table& table) {
  const bool one_is_built = std::any_of(table.indexes.begin(), table.indexes.end(),
                                        [](const Index& other) { return other.backfilling; });
  if (one_is_built) return only_one_at_a_time();
  if (table.find_index(index.name) != nullptr) {
    return validation_error("Attempting to create an index which already exists");
  }
  index.backfilling = true;
  auto added = add_index(catalog, table, std::move(index));
  // The count that CreateTable takes for a bad parameter is a limit here.
  if (!added.ok() && count_of_global_indexes(table) == kGlobalIndexesMax) {
    return Error{ErrorCode::kLimitExceededException, added.error().message};
  }
  return added;
}

Status delete_index(std::string_view name, LaneBatches batches, Table& table,
                    std::vector<Index>& removed) {
  Index* index = find_global_index(table, name);
  if (index == nullptr) return not_found(table, "delete", name);
  drop_index(batches, index->number, index->partition);
  removed.push_back(*index);
  removed.back().deleting = true;
  std::erase_if(table.indexes, [&](const Index& other) { return other.name == name; });
  return Done{};
}

}  // namespace

Status check_index_updates(json::Object input) {
  std::set<std::string> names;
  const auto updates = objects_of(input, "GlobalSecondaryIndexUpdates");
  if (updates.empty() && json::member(input, "GlobalSecondaryIndexUpdates")) {
    return validation_error(
        fmt::format("{}List of GlobalSecondaryIndexUpdates is empty", kInvalid));
  }
  for (json::Object update : updates) {
    std::optional<json::Object> action;
    for (std::string_view kind : {"Update", "Create", "Delete"}) {
      auto one = optional_object(update, kind);
      if (one && action) {
        return validation_error(
            fmt::format("{}Only one global secondary index action is allowed per "
                        "GlobalSecondaryIndexUpdate object",
                        kInvalid));
      }
      if (one) action = one;
    }
    if (!action) {
      return validation_error(
          fmt::format("{}One of GlobalSecondaryIndexUpdate.Update, "
                      "GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must "
                      "not be null",
                      kInvalid));
    }
    std::string name = string_or_empty(*action, "IndexName");
    if (names.contains(name)) {
      return validation_error(
          fmt::format("{}Only one global secondary index update per index is allowed "
                      "simultaneously. Index: {}",
                      kInvalid, name));
    }
    names.insert(std::move(name));
  }
  return Done{};
}

Result<IndexUpdates> read_index_updates(json::Object input, const Table& table,
                                        catalog::BillingMode billing_mode) {
  IndexUpdates read;
  read.definitions = TRY(read_attribute_definitions(input));
  TRY(check_definitions(table, read.definitions));
  const auto definitions = merged(table.attribute_definitions, read.definitions);
  const auto updates = objects_of(input, "GlobalSecondaryIndexUpdates");
  for (json::Object update : updates) {
    if (auto changed = optional_object(update, "Update")) {
      TRY(refuse_unsupported(*changed, {"OnDemandThroughput", "WarmThroughput"}));
      auto throughput = TRY(read_throughput(*changed));
      if (!throughput) {
        return validation_error(fmt::format(
            "{}Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: {}",
            kInvalid, string_or_empty(*changed, "IndexName")));
      }
      read.updates.push_back({string_or_empty(*changed, "IndexName"), *throughput});
    }
    if (auto created = optional_object(update, "Create")) {
      if (!json::member(input, "AttributeDefinitions")) {
        return validation_error(fmt::format("{}AttributeDefinitions is not specified for index: {}",
                                            kInvalid, string_or_empty(*created, "IndexName")));
      }
      read.creates.push_back(TRY(read_global_index(*created, billing_mode, definitions)));
    }
    if (auto deleted = optional_object(update, "Delete")) {
      read.deletes.push_back(string_or_empty(*deleted, "IndexName"));
    }
  }
  if (read.creates.size() + read.deletes.size() > 1) return only_one_at_a_time();
  return read;
}

Status apply_index_updates(const IndexUpdates& updates, catalog::Catalog& catalog,
                           LaneBatches batches, Table& table, std::vector<Index>& removed) {
  for (const auto& update : updates.updates) {
    TRY(update_index_throughput(update, table, batches.front()->now_milliseconds()));
  }
  table.attribute_definitions = merged(table.attribute_definitions, updates.definitions);
  for (const Index& index : updates.creates) TRY(create_index(index, catalog, table));
  for (const std::string& name : updates.deletes) {
    TRY(delete_index(name, batches, table, removed));
  }
  table.attribute_definitions = used_definitions(table);
  return Done{};
}

}  // namespace millrace::ops
