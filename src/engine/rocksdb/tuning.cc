#include "engine/rocksdb/tuning.h"

#include <algorithm>

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include "engine/rocksdb/write_buffer.h"

namespace millrace::engine {
namespace {

constexpr double kBloomBitsPerKey = 10;
constexpr size_t kLogBlockBytes = 32U << 10;
// Of a write buffer. Ten bits for each item of 150 bytes.
constexpr double kBufferBloomRatio = 0.01;

// The first of the two that this build of RocksDB has.
rocksdb::CompressionType best_compression(rocksdb::CompressionType wish,
                                          rocksdb::CompressionType second) {
  const auto supported = rocksdb::GetSupportedCompressions();
  const auto has = [&](rocksdb::CompressionType type) {
    return std::find(supported.begin(), supported.end(), type) != supported.end();
  };
  if (has(wish)) return wish;
  return has(second) ? second : rocksdb::kNoCompression;
}

rocksdb::ColumnFamilyOptions family_options(const RocksdbOptions& options,
                                            const rocksdb::BlockBasedTableOptions& table) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = options.write_buffer_bytes;
  family.max_write_buffer_number = 3;
  family.memtable_factory = write_buffer_factory();
  family.level_compaction_dynamic_level_bytes = true;
  family.compression = best_compression(rocksdb::kLZ4Compression, rocksdb::kSnappyCompression);
  family.bottommost_compression = best_compression(rocksdb::kZSTD, rocksdb::kLZ4Compression);
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

}  // namespace

rocksdb::DBOptions database_options(const RocksdbOptions& options) {
  rocksdb::DBOptions db;
  db.create_if_missing = true;
  db.create_missing_column_families = true;
  db.max_background_jobs = 2;
  // Replaying the write-ahead log is what makes a start after a crash slow.
  db.max_total_wal_size = 2 * options.write_buffer_bytes;
  // Files open at their first use, which keeps the start short on a large database.
  db.max_open_files = 512;
  db.max_file_opening_threads = 1;
  db.skip_stats_update_on_db_open = true;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  // One thread writes.
  db.allow_concurrent_memtable_write = false;
  db.enable_write_thread_adaptive_yield = false;
  // Spreads the write-back of a new file, so that the fsync of a commit does not wait behind it.
  db.bytes_per_sync = 1U << 20;
  db.info_log_level = rocksdb::WARN_LEVEL;
  db.max_log_file_size = 4U << 20;
  db.keep_log_file_num = 2;
  return db;
}

std::vector<rocksdb::ColumnFamilyDescriptor> column_families(const RocksdbOptions& options) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  // The log is read in order, up to a megabyte at a time.
  auto log_table = table;
  log_table.block_size = kLogBlockBytes;
  const auto scanned = family_options(options, log_table);

  // Only items are looked up by key, most often to find that they are not there.
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  table.whole_key_filtering = true;
  auto looked_up = family_options(options, table);
  looked_up.memtable_prefix_bloom_size_ratio = kBufferBloomRatio;
  looked_up.memtable_whole_key_filtering = true;

  return {{rocksdb::kDefaultColumnFamilyName, looked_up}, {"log", scanned}};
}

}  // namespace millrace::engine
