// What it takes for a file to be on disk for good; and how it is read.
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

#include "base/bytes.h"
#include "base/result.h"

namespace millrace::buckets {

// Makes the directory and its parents, as far as they are missing, durably; `mode` is the
// directory's own. ServiceException.
[[nodiscard]] Status make_directories(const std::string& path, mode_t mode = 0750);
// Writes a new file and syncs it; its name is not durable yet. ServiceException.
[[nodiscard]] Status write_new_file(const std::string& path, ByteView content, mode_t mode = 0640);
// Gives the file its place, instead of what was there, and syncs the directory. ServiceException.
[[nodiscard]] Status move_into_place(const std::string& from, const std::string& to);
// nullopt: there is no such file. ServiceException, also for one that is larger, or no plain file.
[[nodiscard]] Result<std::optional<Bytes>> read_file(const std::string& path, size_t bytes_max);

}  // namespace millrace::buckets
