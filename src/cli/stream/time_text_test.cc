#include "cli/stream/time_text.h"

#include <gtest/gtest.h>

namespace millrace::cli::stream {
namespace {

constexpr int64_t kNow = 1'795'255'200;  // 2026-11-21T10:00:00Z

TEST(TimeTextTest, ReadsDatesAndTimes) {
  for (const char* text :
       {"2026-11-21T10:00:00Z", "2026-11-21T10:00:00", "2026-11-21T10:00Z", "2026-11-21 10:00:00",
        "2026-11-21T10:00:00.999Z", "2026-11-21T11:00:00+01:00", "2026-11-21T04:30:00-0530"}) {
    EXPECT_EQ(parse_time(text, 0), kNow) << text;
  }
  EXPECT_EQ(parse_time("2026-11-21", 0), kNow - 36'000);
  EXPECT_EQ(parse_time("1970-01-01", 0), 0);
}

TEST(TimeTextTest, ReadsTimesAgo) {
  EXPECT_EQ(parse_time("30s", kNow), kNow - 30);
  EXPECT_EQ(parse_time("10m", kNow), kNow - 600);
  EXPECT_EQ(parse_time("2h", kNow), kNow - 7200);
  EXPECT_EQ(parse_time("7d", kNow), kNow - 604'800);
}

TEST(TimeTextTest, RefusesTheRest) {
  for (const char* text :
       {"", "m", "10", "10x", "-5m", "2026-02-30", "2026-11-21T", "2026-11-21T25:00:00Z",
        "2026-11-21T10:00:00.Z", "2026-11-21T10:00:00Zx", "2026-11-21T10", "latest", "1.5h",
        "99999999999999999999s", "9999999999999d", "2026-11-21T10:00:00+25:00"}) {
    EXPECT_EQ(parse_time(text, kNow), std::nullopt) << text;
  }
}

TEST(TimeTextTest, Writes) {
  EXPECT_EQ(format_time(kNow), "2026-11-21T10:00:00Z");
}

}  // namespace
}  // namespace millrace::cli::stream
