#include "json/writer.h"

#include "json/document.h"

namespace millrace::json {
namespace {

template <typename Write>
std::string written(Write write) {
  std::string out;
  Writer writer(out);
  write(writer);
  return out;
}

TEST(Writer, SeparatesAndNests) {
  EXPECT_EQ(written([](Writer& writer) {
              writer.begin_object();
              writer.member("a", 1);
              writer.key("b");
              writer.begin_array();
              writer.string("x"), writer.null(), writer.boolean(true);
              writer.begin_object(), writer.end_object();
              writer.begin_array(), writer.end_array();
              writer.base64("fo"), writer.raw("{\"r\":0}");
              writer.end_array();
              writer.member("c", "text"), writer.member("d", false),
                  writer.member("e", std::string_view("v"));
              writer.end_object();
            }),
            R"({"a":1,"b":["x",null,true,{},[],"Zm8=",{"r":0}],"c":"text","d":false,"e":"v"})");
}

TEST(Writer, EscapesWhatMustBe) {
  EXPECT_EQ(
      written([](Writer& writer) { writer.string("\"\\/\b\f\n\r\t\x01\x1f\x7f€\U0001F600"); }),
      "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f€\U0001F600\"");
  EXPECT_EQ(written([](Writer& writer) { writer.begin_object(), writer.member("k\"", "v"); }),
            "{\"k\\\"\":\"v\"");
}

TEST(Writer, WritesEveryByteAtEveryOffset) {
  for (int code = 0; code < 128; ++code) {
    for (size_t offset = 0; offset < 20; ++offset) {
      const std::string valid = std::string(offset, 'a') + static_cast<char>(code) + "öüöüöü";
      const std::string text = written([&](Writer& writer) { writer.string(valid); });
      const Document document = std::move(Document::parse(text)).value();
      EXPECT_EQ(document.root().get_string().value(), valid) << code << " at " << offset;
    }
  }
}

TEST(Writer, WritesNumbers) {
  EXPECT_EQ(written([](Writer& writer) { writer.integer(std::numeric_limits<int64_t>::min()); }),
            "-9223372036854775808");
  const std::vector<std::pair<int64_t, std::string>> timestamps = {
      {0, "0"},       {1500, "1.5"},   {1721000000123, "1721000000.123"},
      {1010, "1.01"}, {1001, "1.001"}, {-1500, "-1.5"}};
  for (const auto& [milliseconds, text] : timestamps) {
    EXPECT_EQ(written([&](Writer& writer) { writer.timestamp_milliseconds(milliseconds); }), text);
  }
}

}  // namespace
}  // namespace millrace::json
