// How RocksDB is set up for what the engine does with it.
#pragma once

#include <vector>

#include <rocksdb/db.h>

#include "engine/rocksdb/rocksdb_engine.h"

namespace millrace::engine {

[[nodiscard]] rocksdb::DBOptions database_options(const RocksdbOptions& options);

// In the order Database names them: items, log.
[[nodiscard]] std::vector<rocksdb::ColumnFamilyDescriptor> column_families(
    const RocksdbOptions& options);

}  // namespace millrace::engine
