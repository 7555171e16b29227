#include "engine/rocksdb/data_directory.h"

#include <filesystem>

#include <rocksdb/file_system.h>

namespace millrace::engine {
namespace {

Error directory_error(const std::string& directory, const rocksdb::IOStatus& status) {
  return internal_error("making the data directory '" + directory + "': " + status.ToString());
}

}  // namespace

Status make_directory_durably(rocksdb::FileSystem& file_system, const std::string& directory) {
  const rocksdb::IOOptions options;
  if (file_system.FileExists(directory, options, nullptr).ok()) return Done{};

  const std::filesystem::path path = std::filesystem::path(directory).lexically_normal();
  // "data/" names the directory "data" and has an empty last component.
  const std::filesystem::path parent_path =
      (path.has_filename() ? path : path.parent_path()).parent_path();
  const std::string parent = parent_path.empty() ? "." : parent_path.string();
  TRY(make_directory_durably(file_system, parent));

  if (const auto status = file_system.CreateDirIfMissing(directory, options, nullptr);
      !status.ok()) {
    return directory_error(directory, status);
  }
  std::unique_ptr<rocksdb::FSDirectory> handle;
  if (const auto status = file_system.NewDirectory(parent, options, &handle, nullptr);
      !status.ok()) {
    return directory_error(parent, status);
  }
  if (const auto status = handle->Fsync(options, nullptr); !status.ok()) {
    return directory_error(parent, status);
  }
  return Done{};
}

}  // namespace millrace::engine
