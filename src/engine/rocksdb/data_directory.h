// RocksDB makes its directory but does not sync the parent, so a loss of power could take a new
// directory away with all that was acknowledged in it.
#pragma once

#include <string>

#include "base/result.h"

namespace rocksdb {
class FileSystem;
}  // namespace rocksdb

namespace millrace::engine {

// Makes `directory` and the parents it lacks; they are on disk when it returns.
[[nodiscard]] Status make_directory_durably(rocksdb::FileSystem& file_system,
                                            const std::string& directory);

}  // namespace millrace::engine
