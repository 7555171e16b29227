// What the supervisor of an instance tells the server.
#pragma once

#include <cstdint>

namespace millrace::functions {

inline constexpr int kSupervisorDescriptor = 3;

struct SupervisorMessage {
  enum Kind : int32_t {
    kStarted = 1,     // value: the function's process
    kNotStarted = 2,  // value: errno
    kEnded = 3,       // value: as from waitpid(); no descendant is left
  };
  int32_t kind = 0;
  int32_t value = 0;
  int64_t memory_kibibytes = 0;  // kEnded: the most that the function's process had
};

}  // namespace millrace::functions
