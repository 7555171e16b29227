#include "ops/table_result.h"

#include <algorithm>

#include "model/item_encoding.h"

namespace millrace::ops {
namespace {

void write_collections(json::Writer& writer, const std::vector<TableResult>& tables) {
  auto has_any = [](const TableResult& table) { return !table.collections.empty(); };
  if (std::none_of(tables.begin(), tables.end(), has_any)) return;
  writer.key("ItemCollectionMetrics");
  writer.begin_object();
  for (const TableResult& table : tables) {
    if (table.collections.empty()) continue;
    writer.key(table.name_as_given);
    writer.begin_array();
    for (const auto& [encoded, collection] : table.collections) {
      write_item_collection(writer, collection.key, collection.bytes);
    }
    writer.end_array();
  }
  writer.end_object();
}

}  // namespace

WantedMetrics wanted_metrics(json::Object input) {
  return {return_consumed_capacity(input), return_item_collection_metrics(input)};
}

void TableResult::add(const WrittenItem& written, const Item& collection_key, double factor) {
  TableUnits charged = units_of(name_as_given, written);
  for (IndexUnits& index : charged.indexes) index.units *= factor;
  units.add(factor * charged.units, charged.indexes);
  if (!written.effects.collection_bytes) return;
  collections[encode_item(collection_key)] = {collection_key, *written.effects.collection_bytes};
}

void write_table_results(json::Writer& writer, const std::vector<TableResult>& tables,
                         const WantedMetrics& wanted, UnitsKind kind) {
  if (wanted.item_collections) write_collections(writer, tables);
  std::vector<TableUnits> units;
  for (const TableResult& table : tables) units.push_back(table.units);
  write_consumed_capacity_list(writer, wanted.consumed_capacity, units, kind);
}

}  // namespace millrace::ops
