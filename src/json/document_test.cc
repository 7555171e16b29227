#include "json/document.h"

#include <limits>
#include <thread>

#include "json/scalar.h"

namespace millrace::json {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(Document, ReadsMembers) {
  const Document document = std::move(Document::parse(R"({"a":"x","n":null})")).value();
  const Object root = document.root().get_object().value();
  EXPECT_EQ(member(root, "a")->get_string().value(), "x");
  EXPECT_FALSE(member(root, "n"));
  EXPECT_FALSE(member(root, "b"));
}

TEST(Document, RejectsWhatIsNotJson) {
  const std::string deep(2000, '[');
  for (const std::string& text :
       {std::string(""), std::string("hi"), std::string("{"), std::string("{}x"),
        std::string("{\"a\":\"\xff\"}"), std::string("{\"a\":\"\n\"}"), deep}) {
    const auto document = Document::parse(text);
    ASSERT_FALSE(document.ok()) << text;
    EXPECT_EQ(document.error(), (Error{ErrorCode::kSerializationException, ""})) << text;
  }
}

TEST(Document, OutlivesItsTextAndOthers) {
  std::vector<Document> documents;
  for (int i = 0; i < 40; ++i) {
    std::string text = std::to_string(i);
    documents.push_back(std::move(Document::parse(text)).value());
    text.assign(text.size(), 'x');
  }
  for (size_t i = 0; i < documents.size(); ++i) {
    EXPECT_EQ(documents[i].root().get_int64().value(), static_cast<int64_t>(i));
  }
}

TEST(Document, ParsesSmallAfterLarge) {
  const std::string large = "\"" + std::string(size_t{16} << 20, 'a') + "\"";
  EXPECT_EQ(std::move(Document::parse(large)).value().root().get_string().value().size(),
            size_t{16} << 20);
  EXPECT_EQ(std::move(Document::parse("7")).value().root().get_int64().value(), 7);
}

TEST(Document, MayEndOnAnotherThread) {
  for (int i = 0; i < 8; ++i) {
    std::thread([document = std::move(Document::parse("{}")).value()] {
      EXPECT_TRUE(document.root().is_object());
    }).join();
  }
}

TEST(Scalar, ConvertsBooleans) {
  const Document document =
      std::move(
          Document::parse(R"([true,false,"tRue","1","YES","no","0","FALSE","maybe","",1,null])"))
          .value();
  const std::vector<std::optional<bool>> expected = {
      true,  false, true,         true,         true,         false,
      false, false, std::nullopt, std::nullopt, std::nullopt, std::nullopt};
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(to_boolean(document.root().at(i).value()), expected[i]) << i;
}

TEST(Scalar, ConvertsIntegers) {
  const Document document =
      std::move(Document::parse("[5,-5,2.9,-2.1,1e300,-1e300,18446744073709551615,\"5\"]")).value();
  const std::vector<std::optional<int64_t>> expected = {5,    -5,   2,    -3,
                                                        kMax, kMin, kMax, std::nullopt};
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(to_integer(document.root().at(i).value()), expected[i]) << i;
}

}  // namespace
}  // namespace millrace::json
