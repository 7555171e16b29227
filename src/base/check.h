// Assertions that stay on in every build: an invariant that does not hold must stop the process
// before it acknowledges or stores anything.
#pragma once

namespace millrace {

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace millrace

#define MILLRACE_CHECK(condition)                               \
  do {                                                          \
    if (!(condition)) [[unlikely]]                              \
      ::millrace::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
