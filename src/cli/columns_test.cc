#include "cli/columns.h"

#include <gtest/gtest.h>

namespace millrace::cli {
namespace {

TEST(ColumnsTest, AreAsWideAsTheWidestCell) {
  EXPECT_EQ(
      format_columns({"NAME", ">COUNT", "NOTE"}, {{"a", "1", "x"}, {"longer", "1000000", ""}}),
      "NAME      COUNT  NOTE\n"
      "a             1  x\n"
      "longer  1000000\n");
}

TEST(ColumnsTest, BytesAreShownInTheUnitThatFits) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(1536), "1.5 KiB");
  EXPECT_EQ(format_bytes(int64_t{20} << 30), "20.0 GiB");
}

}  // namespace
}  // namespace millrace::cli
