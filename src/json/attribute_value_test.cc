#include "json/attribute_value.h"

#include "model/item_encoding.h"

namespace millrace::json {
namespace {

Result<AttributeValue> read(std::string_view text) {
  const Document document = std::move(Document::parse(text)).value();
  return read_attribute_value(document.root());
}
Result<AttributeMap> read_map(std::string_view text) {
  const Document document = std::move(Document::parse(text)).value();
  return read_attribute_map(document.root());
}

std::string nested(size_t maps) {
  std::string text = R"({"S":"x"})";
  for (size_t i = 0; i < maps; ++i)
    text = (i % 2 == 0 ? R"({"M":{"m":)" : R"({"L":[)") + text + (i % 2 == 0 ? "}}" : "]}");
  return text;
}

TEST(ReadAttributeValue, ReadsEveryType) {
  const std::vector<std::pair<std::string, AttributeValue>> cases = {
      {R"({"S":"x"})", "x"},
      {R"({"S":""})", ""},
      {R"({"N":"1.50"})", Number::parse("1.5").value()},
      {R"({"B":"Zm8="})", Binary{"fo"}},
      {R"({"B":""})", Binary{}},
      {R"({"BOOL":false})", AttributeValue(false)},
      {R"({"BOOL":"yes"})", AttributeValue(true)},
      {R"({"NULL":true})", Null{}},
      {R"({"S":null,"NULL":"true","x":1})", Null{}},
      {R"({"L":[{"S":"a"},{"L":[]}]})", List{"a", List{}}},
      {R"({"M":{"k":{"M":{}}}})", AttributeMap{{"k", AttributeMap{}}}},
      {R"({"SS":["b","","a"]})", StringSet{{"", "a", "b"}}},
      {R"({"NS":["10","9.0"]})", NumberSet{{Number::from_integer(9), Number::from_integer(10)}}},
      {R"({"BS":["Zg==",""]})", BinarySet{{"", "f"}}},
  };
  for (const auto& [text, value] : cases) {
    const auto result = read(text);
    ASSERT_TRUE(result.ok()) << text << result.error().message;
    EXPECT_EQ(result.value(), value) << text;
  }
}

TEST(ReadAttributeValue, GivesTheServicesMessages) {
  const std::string invalid = "One or more parameter values were invalid: ";
  const std::string empty =
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
  const std::string not_number = "The parameter cannot be converted to a numeric value";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{}", empty},
      {"null", empty},
      {R"({"a":""})", empty},
      {R"({"S":null})", empty},
      {R"({"M":{"a":{}}})", empty},
      {R"({"M":{"a":null}})", empty},
      {R"({"L":[{}]})", empty},
      {R"({"S":"a","N":"1"})",
       "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
       "supported datatypes"},
      {R"({"S":"a","N":"1","SS":["x"]})",
       "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
       "supported datatypes"},
      {R"({"S":"a","N":"b"})", not_number + ": b"},
      {R"({"N":""})", not_number},
      {R"({"NS":["1","b"]})", not_number + ": b"},
      {R"({"NULL":false})", invalid + "Null attribute value types must have the value of true"},
      {R"({"NULL":"no"})", invalid + "Null attribute value types must have the value of true"},
      {R"({"SS":[]})", invalid + "An string set  may not be empty"},
      {R"({"NS":[]})", invalid + "An number set  may not be empty"},
      {R"({"BS":[]})", invalid + "Binary sets should not be empty"},
      {R"({"SS":["b","a","b"]})", invalid + "Input collection [b, a, b] contains duplicates."},
      {R"({"NS":["1","1.0"]})", "Input collection contains duplicates"},
      {R"({"BS":["Yg==","Yg=="]})",
       invalid + "Input collection [Yg==, Yg==]of type BS contains duplicates."},
      {R"({"M":{"":{"S":"a"}}})", invalid + "An attribute name may not be empty"},
      {R"({"N":"1e126"})",
       "Number overflow. Attempting to store a number with magnitude larger than supported range"},
  };
  for (const auto& [text, message] : cases) {
    const auto result = read(text);
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_EQ(result.error(), validation_error(message)) << text;
  }
}

TEST(ReadAttributeValue, LimitsNestingTo32Levels) {
  EXPECT_TRUE(read(nested(31)).ok());
  for (const size_t maps : {size_t{32}, size_t{33}, size_t{300}}) {
    const auto result = read(nested(maps));
    ASSERT_FALSE(result.ok()) << maps;
    EXPECT_EQ(result.error().message,
              "Nesting Levels have exceeded supported limits: Attributes in the item have nested "
              "levels beyond "
              "supported limit");
  }
  EXPECT_FALSE(read_map("{\"a\":" + nested(32) + "}").ok());
}

TEST(ReadAttributeMap, LimitsNames) {
  const auto named = [](size_t size) {
    return "{\"" + std::string(size, 'n') + "\":{\"S\":\"\"}}";
  };
  EXPECT_TRUE(read_map(named(65'535)).ok());
  EXPECT_FALSE(read_map(named(65'536)).ok());
}

constexpr std::string_view kItem =
    R"({"b":{"B":"Zm8="},"bool":{"BOOL":false},"bs":{"BS":["","Zg=="]},"l":{"L":[{"S":"a"},{"L":[{"N":"2"}]},{"M":{}}]},)"
    R"("m":{"M":{"k":{"SS":["x"]},"n":{"NULL":true}}},"n":{"N":"-12.5"},"ns":{"NS":["-1","0","7"]},"s":{"S":"q\"\n"},)"
    R"("ss":{"SS":["a","b"]},"t":{"BOOL":true}})";

TEST(WriteAttributeMap, WritesWhatWasRead) {
  const AttributeMap item = std::move(read_map(kItem)).value();
  std::string out;
  Writer writer(out);
  write_attribute_map(writer, item);
  EXPECT_EQ(out, kItem);
}

TEST(WriteEncodedItem, WritesWhatWasStored) {
  const Bytes stored = encode_item(std::move(read_map(kItem)).value());
  std::string out;
  Writer writer(out);
  ASSERT_TRUE(write_encoded_item(writer, stored).ok());
  EXPECT_EQ(out, kItem);
}

TEST(WriteEncodedItem, FailsOnTruncatedBytes) {
  const Bytes stored = encode_item(std::move(read_map(kItem)).value());
  for (size_t size = 0; size < stored.size(); ++size) {
    std::string out;
    Writer writer(out);
    const auto status = write_encoded_item(writer, ByteView(stored).substr(0, size));
    ASSERT_FALSE(status.ok()) << size;
    EXPECT_EQ(status.error().code, ErrorCode::kInternalServerError);
  }
}

}  // namespace
}  // namespace millrace::json
