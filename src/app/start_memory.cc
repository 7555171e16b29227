#include "app/start_memory.h"

#include <cstddef>
#include <cstdint>
#include <link.h>
#include <unistd.h>

#include <sys/mman.h>

namespace millrace::app {
namespace {

// Of the parts of one program or library those that cannot have been written.
int release_read_only_parts(dl_phdr_info* object, size_t /*bytes*/, void* /*unused*/) {
  const auto page_bytes = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  for (size_t i = 0; i < object->dlpi_phnum; ++i) {
    const auto& part = object->dlpi_phdr[i];
    if (part.p_type != PT_LOAD || (part.p_flags & PF_W) != 0) continue;
    const uintptr_t begin = object->dlpi_addr + part.p_vaddr;
    const uintptr_t first = (begin + page_bytes - 1) / page_bytes * page_bytes;
    const uintptr_t last = (begin + part.p_memsz) / page_bytes * page_bytes;
    if (first >= last) continue;
    // The kernel's own part refuses, which does no harm.
    static_cast<void>(madvise(reinterpret_cast<void*>(first), last - first,
                              MADV_DONTNEED));  // NOLINT: an address
  }
  return 0;
}

}  // namespace

void release_start_pages() {
  dl_iterate_phdr(release_read_only_parts, nullptr);
}

}  // namespace millrace::app
