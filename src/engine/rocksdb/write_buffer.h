// Where RocksDB keeps in memory what it has not yet written to a file, in key order: a skip list.
#pragma once

#include <memory>

#include <rocksdb/memtablerep.h>

namespace millrace::engine {

// Makes the write buffers of column families that are ordered by rocksdb::BytewiseComparator; for
// another order it ends the process. One thread at a time inserts, with
// allow_concurrent_memtable_write off, while any number of threads read without a lock. What a
// buffer holds is memory of RocksDB's allocator, and ends with that.
[[nodiscard]] std::shared_ptr<rocksdb::MemTableRepFactory> write_buffer_factory();

}  // namespace millrace::engine
