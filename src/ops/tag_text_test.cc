#include "ops/tag_text.h"

#include <gtest/gtest.h>

namespace millrace::ops {
namespace {

TEST(TagText, TakesLettersDigitsAndSpacesOfAnyScript) {
  for (const char* text : {"", "azAZ09", " leading", "a+b-c=d.e_f:g/h@i", "ключ", "café", "表",
                           "\u00A0", "\u3000", "\U00010400"}) {
    EXPECT_TRUE(is_tag_text(text)) << text;
  }
}

TEST(TagText, RefusesOtherPunctuation) {
  for (const char* text :
       {"🔑",   "100%", "a,b", "\"q\"", "it's", "(x)", "[y]", "{z}",  "a&b",  "a*b",
        "a;b", "a?b",  "a|b", "a\\b",  "<a>",  "~a",  "a#b", "a\tb", "a\nb", "…"}) {
    EXPECT_FALSE(is_tag_text(text)) << text;
  }
  EXPECT_FALSE(is_tag_text(std::string_view("a\0b", 3)));
}

TEST(TagText, CountsUtf16Units) {
  EXPECT_EQ(tag_text_length(""), 0u);
  EXPECT_EQ(tag_text_length("aé表"), 3u);
  EXPECT_EQ(tag_text_length("\U00010400"), 2u);
}

}  // namespace
}  // namespace millrace::ops
