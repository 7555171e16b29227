#include "engine/rocksdb/database.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/perf_level.h>

#include "base/log.h"
#include "engine/rocksdb/data_directory.h"
#include "engine/rocksdb/log_extension.h"
#include "engine/rocksdb/tuning.h"

namespace millrace::engine {
namespace {

// A log is as long as a write buffer is large, or a little longer.
constexpr size_t kLogsAheadPerBuffer = 8;

// RocksDB has no code of its own for a lock that is held. The first text is of a lock this process
// holds, the second of another's.
bool is_lock_held(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return text.find("lock hold by current process") != std::string::npos ||
         text.find("/LOCK: Resource temporarily unavailable") != std::string::npos;
}

Error open_error(const std::string& directory, const rocksdb::Status& status) {
  if (is_lock_held(status)) {
    return {ErrorCode::kInvalidConfiguration,
            "data directory '" + directory + "' is in use by another process"};
  }
  return storage_error("opening the data directory '" + directory + "'", status);
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const RocksdbOptions& options) {
  auto file_system =
      options.file_system != nullptr ? options.file_system : rocksdb::FileSystem::Default();
  TRY(make_directory_durably(*file_system, options.directory));

  std::unique_ptr<Database> database(new Database);
  if (options.durability == Durability::kCommit) {
    file_system = extend_logs(file_system, options.write_buffer_bytes / kLogsAheadPerBuffer);
  }
  database->env_ = rocksdb::NewCompositeEnv(file_system);
  rocksdb::DBOptions db_options = database_options(options);
  db_options.env = database->env_.get();

  const auto families = column_families(options);
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(db_options, options.directory, families, &database->families_, &db);
  database->db_.reset(db);
  if (!status.ok()) return open_error(options.directory, status);
  return database;
}

Database::~Database() {
  if (db_ == nullptr) return;
  if (const auto status = db_->Flush(rocksdb::FlushOptions(), families_); !status.ok()) {
    log::error("flush on close failed", {{"error", status.ToString()}});
  }
  for (rocksdb::ColumnFamilyHandle* family : families_) db_->DestroyColumnFamilyHandle(family);
  if (const auto status = db_->Close(); !status.ok()) {
    log::error("close failed", {{"error", status.ToString()}});
  }
}

void Database::count_nothing() {
  thread_local const bool told = [] {
    rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
    return true;
  }();
  static_cast<void>(told);
}

Error storage_error(std::string_view doing, const rocksdb::Status& status) {
  return internal_error(std::string(doing) + ": " + status.ToString());
}

Status to_status(std::string_view doing, const rocksdb::Status& status) {
  if (!status.ok()) return storage_error(doing, status);
  return Done{};
}

}  // namespace millrace::engine
