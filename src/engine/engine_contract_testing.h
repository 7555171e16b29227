// Runs each contract test against every engine.
#pragma once

#include <memory>

#include <gtest/gtest.h>

#include "engine/engine.h"
#include "engine/temporary_directory_testing.h"

namespace millrace::engine {

enum class EngineKind { kMemory, kRocksdb, kRocksdbReopened };

class EngineContract : public testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override { open(); }

  Engine& engine() { return *engine_; }

  // Between what a test writes and what it reads. Closes and opens the engine again, where the
  // parameter says so: what held before must hold after it.
  void settle();
  void close() { engine_.reset(); }

 private:
  void open();

  TemporaryDirectory directory_;
  std::unique_ptr<Engine> engine_;
};

inline const auto kEveryEngine =
    testing::Values(EngineKind::kMemory, EngineKind::kRocksdb, EngineKind::kRocksdbReopened);

std::string engine_kind_name(const testing::TestParamInfo<EngineKind>& kind);

}  // namespace millrace::engine
