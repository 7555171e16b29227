#include "logs/text.h"

#include <gtest/gtest.h>

namespace millrace::logs {
namespace {

TEST(LogText, GoodTextIsKept) {
  EXPECT_EQ(well_formed("a\xC3\xA9\n", 100), "a\xC3\xA9\n");
  EXPECT_EQ(well_formed("", 100), "");
}

TEST(LogText, BadBytesAreReplaced) {
  EXPECT_EQ(well_formed("a\xFF"
                        "b\xC3",
                        100),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(well_formed("\x80\x80", 100), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(LogText, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(well_formed("abcdef", 3), "abc");
  EXPECT_EQ(well_formed("ab\xE2\x82\xAC", 4), "ab");
  EXPECT_EQ(well_formed("ab\xE2\x82\xAC", 5), "ab\xE2\x82\xAC");
  EXPECT_EQ(well_formed(std::string(10, '\xFF'), 10), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace millrace::logs
