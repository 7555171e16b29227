#include "engine/engine_contract_testing.h"

#include "engine/memory/memory_engine.h"
#include "engine/rocksdb/rocksdb_engine.h"

namespace millrace::engine {

void EngineContract::open() {
  if (GetParam() == EngineKind::kMemory) {
    engine_ = open_memory_engine();
    return;
  }
  RocksdbOptions options;
  options.directory = directory_.path();
  engine_ = std::move(open_rocksdb_engine(std::move(options))).value();
}

void EngineContract::settle() {
  if (GetParam() != EngineKind::kRocksdbReopened) return;
  close();
  open();
}

std::string engine_kind_name(const testing::TestParamInfo<EngineKind>& kind) {
  switch (kind.param) {
    case EngineKind::kMemory:
      return "Memory";
    case EngineKind::kRocksdb:
      return "Rocksdb";
    case EngineKind::kRocksdbReopened:
      return "RocksdbReopened";
  }
  return "";
}

}  // namespace millrace::engine
