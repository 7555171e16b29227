#include "app/available_memory.h"

#include <algorithm>
#include <fstream>
#include <unistd.h>

namespace millrace::app {

uint64_t available_memory_bytes(const std::filesystem::path& control_groups) {
  uint64_t available =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  for (const char* name : {"memory.max", "memory/memory.limit_in_bytes"}) {
    std::ifstream file(control_groups / name);
    uint64_t limit = 0;
    // Without a limit it is the word "max", or a number above any machine's.
    if (file >> limit && limit > 0) available = std::min(available, limit);
  }
  return available;
}

}  // namespace millrace::app
