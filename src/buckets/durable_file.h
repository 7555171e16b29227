// What it takes for a file to be on disk for good.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace millrace::buckets {

// Makes the directory and its parents, as far as they are missing, durably. ServiceException.
[[nodiscard]] Status make_directories(const std::string& path);
// Writes a new file and syncs it; its name is not durable yet. ServiceException.
[[nodiscard]] Status write_new_file(const std::string& path, ByteView content);
// Gives the file its place, instead of what was there, and syncs the directory. ServiceException.
[[nodiscard]] Status move_into_place(const std::string& from, const std::string& to);

}  // namespace millrace::buckets
