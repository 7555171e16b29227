// UpdateTable's GlobalSecondaryIndexUpdates.
#pragma once

#include "ops/index_request.h"
#include "ops/table_change.h"

namespace millrace::ops {

struct IndexUpdates {
  struct ThroughputUpdate {
    std::string index_name;
    catalog::Throughput throughput;
  };

  AttributeDefinitions definitions;  // AttributeDefinitions of the request
  std::vector<ThroughputUpdate> updates;
  std::vector<catalog::Index> creates;
  std::vector<std::string> deletes;  // names

  [[nodiscard]] bool empty() const { return updates.empty() && creates.empty() && deletes.empty(); }
};

// Checks that need no table. `billing_mode`: as the table will have it.
[[nodiscard]] Status check_index_updates(json::Object input);
[[nodiscard]] Result<IndexUpdates> read_index_updates(json::Object input,
                                                      const catalog::Table& table,
                                                      catalog::BillingMode billing_mode);

// Changes `table`. An index that is added is backfilled from then on; the entries of one that is
// removed go with the batches, and `removed` gets it.
[[nodiscard]] Status apply_index_updates(const IndexUpdates& updates, catalog::Catalog& catalog,
                                         LaneBatches batches, catalog::Table& table,
                                         std::vector<catalog::Index>& removed);

}  // namespace millrace::ops
