// Zip files of functions' code, as anybody may send them.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace millrace::functions {

struct UnpackLimits {
  int64_t bytes_max = 262'144'000;  // of all files, as they are written
  size_t entries_max = 100'000;
};

// Writes what is in `zip` into the directory `to`, which is empty, and returns how much that is.
// InvalidParameterValueException for what is no zip file, is damaged, encrypted, empty or over the
// limits, or has an entry that is not a file, a directory or a link or that would be outside of
// `to`: then some of it may have been written. Blocks.
[[nodiscard]] Result<int64_t> unpack_code(ByteView zip, const std::string& to,
                                          const UnpackLimits& limits);

}  // namespace millrace::functions
