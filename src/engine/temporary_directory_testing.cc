#include "engine/temporary_directory_testing.h"

#include <cstdlib>
#include <filesystem>

#include "base/check.h"

namespace millrace::engine {

TemporaryDirectory::TemporaryDirectory()
    : path_((std::filesystem::temp_directory_path() / "millrace-test-XXXXXX").string()) {
  MILLRACE_CHECK(mkdtemp(path_.data()) != nullptr);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace millrace::engine
