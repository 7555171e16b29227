// Files that go with the program, as they are written out where functions run.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::functions {

extern const std::string_view kNodeBootstrap;
extern const std::string_view kPythonBootstrap;
extern const std::string_view kSupervisorProgram;

struct RuntimeFiles {
  std::string directory;  // absolute
  std::string node;
  std::string python;
  std::string supervisor;
};

// Into `directory`, which is made. InvalidConfiguration when that cannot be.
[[nodiscard]] Result<RuntimeFiles> write_runtime_files(const std::string& directory);

}  // namespace millrace::functions
