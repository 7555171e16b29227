#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>

namespace millrace::cli {

// The value of an environment variable. An empty one counts as not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

// Of this process. Not while another thread changes it.
[[nodiscard]] Environment process_environment();

// The first of them that is set.
[[nodiscard]] std::optional<std::string> first_set(const Environment& environment,
                                                   std::initializer_list<const char*> names);

}  // namespace millrace::cli
