// The open RocksDB and its column families.
#pragma once

#include <memory>
#include <string_view>

#include <rocksdb/db.h>

#include "engine/rocksdb/rocksdb_engine.h"

namespace millrace::engine {

class Database {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const RocksdbOptions& options);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  // Writes what is in memory to files, so that the next open has nothing to replay.
  ~Database();

  rocksdb::DB& db() {
    count_nothing();
    return *db_;
  }
  rocksdb::ColumnFamilyHandle* items() { return families_[0]; }
  rocksdb::ColumnFamilyHandle* log() { return families_[1]; }

 private:
  Database() = default;
  // RocksDB counts what each thread does unless the thread says that nobody looks.
  static void count_nothing();

  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // owned, released before db_ closes
};

[[nodiscard]] Error storage_error(std::string_view doing, const rocksdb::Status& status);
[[nodiscard]] Status to_status(std::string_view doing, const rocksdb::Status& status);

}  // namespace millrace::engine
