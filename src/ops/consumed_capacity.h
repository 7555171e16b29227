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

// The member `ConsumedCapacity`, when it is asked for.
void write_consumed_capacity(json::Writer& writer, ReturnConsumedCapacity wanted,
                             std::string_view table_name, double units);

struct TableUnits {
  std::string table_name;
  double units = 0;
};
// Transactions say what kind their units are of, too.
enum class UnitsKind { kUnsaid, kRead, kWrite };
// Likewise for the operations over several tables: one element for each.
void write_consumed_capacity_list(json::Writer& writer, ReturnConsumedCapacity wanted,
                                  const std::vector<TableUnits>& tables,
                                  UnitsKind kind = UnitsKind::kUnsaid);

// A transaction does everything twice: to prepare and to commit.
inline constexpr double kTransactionFactor = 2;
// Adds to the table's units; tables in the order in which they come first.
void add_units(std::vector<TableUnits>& tables, const std::string& table_name, double units);

}  // namespace millrace::ops
