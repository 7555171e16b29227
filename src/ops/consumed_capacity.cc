#include "ops/consumed_capacity.h"

#include <algorithm>

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

void write_table(json::Writer& writer, ReturnConsumedCapacity wanted, std::string_view table_name,
                 double units, UnitsKind kind) {
  writer.begin_object();
  writer.member("TableName", table_name);
  write_units_member(writer, units, kind);
  if (wanted == ReturnConsumedCapacity::kIndexes) {
    writer.key("Table");
    writer.begin_object();
    write_units_member(writer, units, kind);
    writer.end_object();
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

void write_consumed_capacity(json::Writer& writer, ReturnConsumedCapacity wanted,
                             std::string_view table_name, double units) {
  if (wanted == ReturnConsumedCapacity::kNone) return;
  writer.key("ConsumedCapacity");
  write_table(writer, wanted, table_name, units, UnitsKind::kUnsaid);
}

void write_consumed_capacity_list(json::Writer& writer, ReturnConsumedCapacity wanted,
                                  const std::vector<TableUnits>& tables, UnitsKind kind) {
  if (wanted == ReturnConsumedCapacity::kNone) return;
  writer.key("ConsumedCapacity");
  writer.begin_array();
  for (const TableUnits& table : tables) {
    write_table(writer, wanted, table.table_name, table.units, kind);
  }
  writer.end_array();
}

void add_units(std::vector<TableUnits>& tables, const std::string& table_name, double units) {
  auto found = std::find_if(tables.begin(), tables.end(), [&](const TableUnits& table) {
    return table.table_name == table_name;
  });
  if (found == tables.end()) found = tables.insert(tables.end(), {table_name, 0});
  found->units += units;
}

}  // namespace millrace::ops
