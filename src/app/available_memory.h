// How much memory the server may take.
#pragma once

#include <cstdint>
#include <filesystem>

namespace millrace::app {

// The machine's memory, or the limit of the container, if that is lower: the files memory.max or
// memory/memory.limit_in_bytes below `control_groups` (Linux, "Control Group v2" and v1).
[[nodiscard]] uint64_t available_memory_bytes(
    const std::filesystem::path& control_groups = "/sys/fs/cgroup");

}  // namespace millrace::app
