#include "functions/bootstrap_files.h"

#include <filesystem>
#include <fstream>

namespace millrace::functions {
namespace {

namespace fs = std::filesystem;

Status write_file(const std::string& path, std::string_view bytes, fs::perms permissions) {
  std::error_code error;
  // What still runs of an older one keeps its file.
  fs::remove(path, error);
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) fs::permissions(path, permissions, error);
  if (!file || error) return Error{ErrorCode::kInvalidConfiguration, "cannot write " + path};
  return Done{};
}

}  // namespace

Result<RuntimeFiles> write_runtime_files(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) {
    return Error{ErrorCode::kInvalidConfiguration,
                 "cannot make " + directory + ": " + error.message()};
  }
  const std::string absolute = fs::absolute(directory).lexically_normal().string();
  const RuntimeFiles files = {absolute, absolute + "/node.mjs", absolute + "/python.py",
                              absolute + "/millrace-instance"};
  const fs::perms readable = fs::perms::owner_read | fs::perms::owner_write |
                             fs::perms::group_read | fs::perms::others_read;
  TRY(write_file(files.node, kNodeBootstrap, readable));
  TRY(write_file(files.python, kPythonBootstrap, readable));
  TRY(write_file(files.supervisor, kSupervisorProgram, readable | fs::perms::owner_exec));
  return files;
}

}  // namespace millrace::functions
