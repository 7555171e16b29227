// Zeros on the disk ahead of what RocksDB's write-ahead log has written. A sync of bytes that
// overwrite others writes just them; of a file that has grown, its inode and a journal too, one
// after the other. RocksDB's reader takes zeros for the end of the log.
//
// That needs every write to be synced before the next begins: of several, a later one could be on
// the disk and an earlier one not. So it is for Durability::kCommit alone.
#pragma once

#include <memory>

#include <rocksdb/file_system.h>

namespace millrace::engine {

// The files of `base`, logs being extended while they are written. About `ahead_bytes` of zeros are
// kept before the writer, by a thread of the file system's; none in a log that is hardly used.
// A closed log ends where its last write does.
[[nodiscard]] std::shared_ptr<rocksdb::FileSystem> extend_logs(
    const std::shared_ptr<rocksdb::FileSystem>& base, size_t ahead_bytes);

}  // namespace millrace::engine
