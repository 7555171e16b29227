// Which names buckets and objects can have.
#pragma once

#include <string_view>

#include "base/result.h"

namespace millrace::buckets {

// As Amazon S3 has it: 3 to 63 lower-case letters, digits, dots and hyphens, the first and the last
// no hyphen nor dot, no two dots together.
[[nodiscard]] bool is_bucket_name(std::string_view name);

// InvalidParameterValueException unless `name` is a path of at most 1024 bytes that leads downwards
// and whose parts a file system takes: not empty, not "." nor "..", at most 255 bytes, without
// control characters.
[[nodiscard]] Status check_object_name(std::string_view name);

}  // namespace millrace::buckets
