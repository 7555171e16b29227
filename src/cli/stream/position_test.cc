#include "cli/stream/position.h"

#include <gtest/gtest.h>

namespace millrace::cli::stream {
namespace {

using Kind = Position::Kind;

TEST(PositionTest, IsANameASequenceNumberOrATime) {
  EXPECT_EQ(parse_position("trim-horizon", 0), Position());
  EXPECT_EQ(parse_position("latest", 0)->kind, Kind::kLatest);
  const auto at = parse_position("100000000000000000007", 0);
  EXPECT_EQ(at->kind, Kind::kAt);
  EXPECT_EQ(at->sequence_number, "100000000000000000007");
  const auto ago = parse_position("10m", 1000);
  EXPECT_EQ(ago->kind, Kind::kTime);
  EXPECT_EQ(ago->seconds, 400);
}

TEST(PositionTest, IsNothingElse) {
  for (const char* text : {"", "LATEST", "12345", "1000000000000000000x7", "yesterday"}) {
    EXPECT_EQ(parse_position(text, 0), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace millrace::cli::stream
