// The reference engine: everything in memory, gone when it closes. For tests and `--memory`.
#pragma once

#include <memory>

#include "engine/engine.h"

namespace millrace::engine {

// Completes a commit inside the call of commit(), on this or another thread that is in one.
[[nodiscard]] std::unique_ptr<Engine> open_memory_engine();

}  // namespace millrace::engine
