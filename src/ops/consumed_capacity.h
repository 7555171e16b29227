// ConsumedCapacity of a response (Developer Guide, "DynamoDB throughput capacity").
#pragma once

#include <string>
#include <vector>

#include "json/document.h"
#include "json/writer.h"

namespace millrace::ops {

enum class ReturnConsumedCapacity { kNone, kTotal, kIndexes };
[[nodiscard]] ReturnConsumedCapacity return_consumed_capacity(json::Object input);

// One unit for each begun KB of the larger of the item before and after; at least one.
[[nodiscard]] double write_units(size_t bytes_before, size_t bytes_after);
// One unit for each begun 4 KB read consistently, half of that otherwise; at least one unit's
// share.
[[nodiscard]] double read_units(size_t bytes, bool consistent);

// What an index was charged, by name.
struct IndexUnits {
  std::string name;
  bool global = false;
  double units = 0;
};

// What an operation was charged for one table.
struct TableUnits {
  std::string table_name;
  double units = 0;                 // of the table itself
  std::vector<IndexUnits> indexes;  // never two of one name

  // Adds up, index by index.
  void add(double table_units, const std::vector<IndexUnits>& index_units);
};

// The member `ConsumedCapacity`, when it is asked for.
void write_consumed_capacity(json::Writer& writer, ReturnConsumedCapacity wanted,
                             const TableUnits& units);
// Transactions say what kind their units are of, too.
enum class UnitsKind { kUnsaid, kRead, kWrite };
// Likewise for the operations over several tables: one element for each.
void write_consumed_capacity_list(json::Writer& writer, ReturnConsumedCapacity wanted,
                                  const std::vector<TableUnits>& tables,
                                  UnitsKind kind = UnitsKind::kUnsaid);

// A transaction does everything twice: to prepare and to commit.
inline constexpr double kTransactionFactor = 2;
// Of the table of that name, made where there is none yet.
[[nodiscard]] TableUnits& units_of(std::vector<TableUnits>& tables, const std::string& table_name);

}  // namespace millrace::ops
