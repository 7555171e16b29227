#include "cli/client/ini_file.h"

#include <gtest/gtest.h>

namespace millrace::cli {
namespace {

TEST(IniFileTest, ReadsSectionsAndSettings) {
  const auto file = parse_ini(
      "# a comment\n"
      "[default]\n"
      "Region=eu-west-1\n"
      "output : json\r\n"
      "\n"
      "; another\n"
      "[profile a b]\n"
      "endpoint_url = http://127.0.0.1:8000 # no comment");
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file->at("default").at("region").value, "eu-west-1");
  EXPECT_EQ(file->at("default").at("output").value, "json");
  EXPECT_EQ(file->at("profile a b").at("endpoint_url").value, "http://127.0.0.1:8000 # no comment");
}

TEST(IniFileTest, ReadsNestedSettings) {
  const auto file = parse_ini(
      "[services local]\n"
      "dynamodb =\n"
      "  # of the tables\n"
      "  endpoint_url = http://127.0.0.1:8000\n"
      "dynamodb_streams =\n"
      "    endpoint_url = http://127.0.0.1:8001\n"
      "    other=1\n"
      "text = first\n"
      "  second\n");
  ASSERT_TRUE(file.ok()) << file.error().message;
  const IniSection& section = file->at("services local");
  EXPECT_EQ(section.at("dynamodb").nested.at("endpoint_url"), "http://127.0.0.1:8000");
  EXPECT_EQ(section.at("dynamodb_streams").nested.at("endpoint_url"), "http://127.0.0.1:8001");
  EXPECT_EQ(section.at("dynamodb_streams").nested.size(), 2U);
  EXPECT_EQ(section.at("text").value, "first\nsecond");
}

TEST(IniFileTest, NamesTheLineThatIsWrong) {
  for (const auto& [text, line] :
       {std::pair("region = a\n", "line 1"), std::pair("[a]\nregion\n", "line 2"),
        std::pair("[a]\n[b]\n[a]\n", "line 3"), std::pair("[a]\nx=1\n\nX=2\n", "line 4"),
        std::pair("[a]\ns =\n  none\n", "line 3"), std::pair("[]\n", "line 1")}) {
    const auto file = parse_ini(text);
    ASSERT_FALSE(file.ok()) << text;
    EXPECT_EQ(file.error().message, line);
  }
}

}  // namespace
}  // namespace millrace::cli
