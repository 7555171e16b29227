// A secondary index of a table, local or global (Developer Guide, "Improving data access with
// secondary indexes").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/key_schema.h"
#include "catalog/throughput.h"
#include "engine/engine.h"

namespace millrace::catalog {

enum class ProjectionType { kAll, kKeysOnly, kInclude };
[[nodiscard]] std::string_view projection_type_name(ProjectionType type);
[[nodiscard]] std::optional<ProjectionType> projection_type_of_name(std::string_view name);

struct Index {
  std::string name;
  uint32_t number = 0;  // within its table, never given twice
  bool global = false;
  CompositeKeySchema key_schema;
  ProjectionType projection_type = ProjectionType::kAll;
  std::vector<std::string> non_key_attributes;  // as the request listed them; kInclude only
  Throughput throughput;                        // of a global index; zeros when paid per request
  // Whether entries for older items are still being made: it cannot be read meanwhile.
  bool backfilling = false;
  bool deleting = false;  // only in the answer that tells of its removal
  // Where a global index keeps its entries. A local index keeps them beside its items.
  engine::PartitionId partition = 0;
};

}  // namespace millrace::catalog
