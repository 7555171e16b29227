// What the response of an operation that writes many items tells of each table: ConsumedCapacity
// and ItemCollectionMetrics.
#pragma once

#include <map>

#include "ops/consumed_capacity.h"
#include "ops/item_collection.h"
#include "ops/item_write.h"

namespace millrace::ops {

struct WantedMetrics {
  ReturnConsumedCapacity consumed_capacity = ReturnConsumedCapacity::kNone;
  bool item_collections = false;
};
[[nodiscard]] WantedMetrics wanted_metrics(json::Object input);

struct TableResult {
  struct Collection {
    Item key;
    int64_t bytes;
  };

  std::string name_as_given;
  TableUnits units;
  std::map<Bytes, Collection> collections = {};  // by encoded key

  // The write is charged `factor` times its units.
  void add(const WrittenItem& written, const Item& collection_key, double factor);
};

// The members, where they are asked for and there is something to tell.
void write_table_results(json::Writer& writer, const std::vector<TableResult>& tables,
                         const WantedMetrics& wanted, UnitsKind kind = UnitsKind::kUnsaid);

}  // namespace millrace::ops
