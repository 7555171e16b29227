#include "ops/consumed_capacity.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "ops/input.h"

namespace millrace::ops {
namespace {

constexpr size_t kWriteUnitBytes = 1024;
constexpr size_t kReadUnitBytes = 4096;

double begun(size_t bytes, size_t unit_bytes) {
  return static_cast<double>(std::max<size_t>(1, (bytes + unit_bytes - 1) / unit_bytes));
}

void write_units_member(json::Writer& writer, double units, UnitsKind kind) {
  const std::string text = fmt::format("{:.1f}", units);
  writer.key("CapacityUnits");
  writer.raw(text);
  if (kind == UnitsKind::kUnsaid) return;
  writer.key(kind == UnitsKind::kRead ? "ReadCapacityUnits" : "WriteCapacityUnits");
  writer.raw(text);
}

void write_units_object(json::Writer& writer, std::string_view name, double units, UnitsKind kind) {
  writer.key(name);
  writer.begin_object();
  write_units_member(writer, units, kind);
  writer.end_object();
}

void write_indexes(json::Writer& writer, const TableUnits& table, bool global, UnitsKind kind) {
  auto of_kind = [&](const IndexUnits& index) { return index.global == global; };
  if (std::none_of(table.indexes.begin(), table.indexes.end(), of_kind)) return;
  writer.key(global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes");
  writer.begin_object();
  for (const IndexUnits& index : table.indexes) {
    if (of_kind(index)) write_units_object(writer, index.name, index.units, kind);
  }
  writer.end_object();
}

double total(const TableUnits& table) {
  return std::accumulate(table.indexes.begin(), table.indexes.end(), table.units,
                         [](double sum, const IndexUnits& index) { return sum + index.units; });
}

void write_table(json::Writer& writer, ReturnConsumedCapacity wanted, const TableUnits& table,
                 UnitsKind kind) {
  writer.begin_object();
  writer.member("TableName", table.table_name);
  write_units_member(writer, total(table), kind);
  if (wanted == ReturnConsumedCapacity::kIndexes) {
    write_units_object(writer, "Table", table.units, kind);
    write_indexes(writer, table, false, kind);
    write_indexes(writer, table, true, kind);
  }
  writer.end_object();
}

}  // namespace

ReturnConsumedCapacity return_consumed_capacity(json::Object input) {
  auto wanted = optional_string(input, "ReturnConsumedCapacity");
  if (wanted == "TOTAL") return ReturnConsumedCapacity::kTotal;
  if (wanted == "INDEXES") return ReturnConsumedCapacity::kIndexes;
  return ReturnConsumedCapacity::kNone;
}

double write_units(size_t bytes_before, size_t bytes_after) {
  return begun(std::max(bytes_before, bytes_after), kWriteUnitBytes);
}

double read_units(size_t bytes, bool consistent) {
  return begun(bytes, kReadUnitBytes) * (consistent ? 1.0 : 0.5);
}

void TableUnits::add(double table_units, const std::vector<IndexUnits>& index_units) {
  units += table_units;
  for (const IndexUnits& added : index_units) {
    auto found = std::find_if(indexes.begin(), indexes.end(),
                              [&](const IndexUnits& index) { return index.name == added.name; });
    if (found == indexes.end()) {
      indexes.push_back(added);
    } else {
      found->units += added.units;
    }
  }
}

void write_consumed_capacity(json::Writer& writer, ReturnConsumedCapacity wanted,
                             const TableUnits& units) {
  if (wanted == ReturnConsumedCapacity::kNone) return;
  writer.key("ConsumedCapacity");
  write_table(writer, wanted, units, UnitsKind::kUnsaid);
}

void write_consumed_capacity_list(json::Writer& writer, ReturnConsumedCapacity wanted,
                                  const std::vector<TableUnits>& tables, UnitsKind kind) {
  if (wanted == ReturnConsumedCapacity::kNone) return;
  writer.key("ConsumedCapacity");
  writer.begin_array();
  for (const TableUnits& table : tables) write_table(writer, wanted, table, kind);
  writer.end_array();
}

TableUnits& units_of(std::vector<TableUnits>& tables, const std::string& table_name) {
  auto found = std::find_if(tables.begin(), tables.end(), [&](const TableUnits& table) {
    return table.table_name == table_name;
  });
  if (found == tables.end()) found = tables.insert(tables.end(), {table_name, 0, {}});
  return *found;
}

}  // namespace millrace::ops
