#include "app/available_memory.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

namespace millrace::app {
namespace {

namespace fs = std::filesystem;

class AvailableMemory : public ::testing::Test {
 protected:
  ~AvailableMemory() override { fs::remove_all(directory_); }

  static fs::path make_directory() {
    std::string path = (fs::temp_directory_path() / "millrace-app-XXXXXX").string();
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    return path;
  }
  void write(const std::string& name, const std::string& text) {
    const fs::path path = directory_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text << '\n';
  }
  [[nodiscard]] uint64_t available() const { return available_memory_bytes(directory_); }

  const fs::path directory_ = make_directory();
  const uint64_t machine_ = available();
};

TEST_F(AvailableMemory, IsTheMachinesWithoutALimit) {
  EXPECT_GT(machine_, uint64_t{64} << 20);
  write("memory.max", "max");
  EXPECT_EQ(available(), machine_);
  write("memory/memory.limit_in_bytes", "9223372036854771712");
  EXPECT_EQ(available(), machine_);
}

TEST_F(AvailableMemory, IsTheContainersLimit) {
  write("memory.max", "33554432");
  EXPECT_EQ(available(), 33'554'432U);
}

TEST_F(AvailableMemory, IsALimitOfTheFirstVersionToo) {
  write("memory/memory.limit_in_bytes", "33554432");
  EXPECT_EQ(available(), 33'554'432U);
}

}  // namespace
}  // namespace millrace::app
