// The engine of one machine: RocksDB inside the process, in a directory that is its own.
#pragma once

#include <memory>
#include <string>

#include "engine/engine.h"

namespace rocksdb {
class FileSystem;
}  // namespace rocksdb

namespace millrace::engine {

// When a commit is acknowledged.
enum class Durability {
  // Once it is on disk: survives a loss of power.
  kCommit,
  // Once the operating system has it: survives a crash of the process. A loss of power may take any
  // of the latest commits, each as a whole, and some that came before others which it leaves.
  kOs,
};

struct RocksdbOptions {
  // Made, with its parents, when it is not there.
  std::string directory;
  Durability durability = Durability::kCommit;
  // Upper bound of the cached uncompressed blocks, indexes and filters. Used memory grows with use.
  size_t block_cache_bytes = 64U << 20;
  // Writes of each column family that are held in memory before they become a file; up to three
  // such buffers are alive at a time.
  size_t write_buffer_bytes = 32U << 20;
  // The machine's when null. For tests that lose power.
  std::shared_ptr<rocksdb::FileSystem> file_system = nullptr;
};

// InvalidConfiguration when another engine, of this or another process, has the directory open.
[[nodiscard]] Result<std::unique_ptr<Engine>> open_rocksdb_engine(const RocksdbOptions& options);

}  // namespace millrace::engine
