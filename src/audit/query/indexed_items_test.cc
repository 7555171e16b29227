#include "audit/query/indexed_items.h"

#include <gmock/gmock.h>

#include "audit/query/tables_testing.h"

namespace millrace::audit::query {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

AttributeMap music(const char* artist, int64_t track) {
  return {{"Artist", artist}, {"Track", Number::from_integer(track)}};
}

class IndexedItems : public testing::Test {
 protected:
  std::vector<int64_t> items(std::string_view parameters) {
    return items_of(tables_.catalog(), parameters);
  }

  TestTables tables_;
  const int64_t first_ = item_of("Music", music("a", 1));
  const int64_t second_ = item_of("Music", music("b", 2));
};

TEST_F(IndexedItems, ByKey) {
  EXPECT_THAT(items(R"({"tableName":"Music","key":{"Artist":"a","Track":"1"},"items":["x"]})"),
              ElementsAre(first_));
  EXPECT_THAT(items(R"({"tableName":"Music","key":{"Track":"1.0","Artist":"a"}})"),
              ElementsAre(first_));
  EXPECT_THAT(items(R"({"tableName":"Music","key":{"Artist":"a","Track":1}})"),
              ElementsAre(first_));
  EXPECT_THAT(items(R"({"tableName":"arn:aws:dynamodb:us-east-1:000000000000:table/Music",
                        "key":{"Artist":"a","Track":"1"}})"),
              ElementsAre(first_));
  EXPECT_NE(first_, item_of("Other", music("a", 1)));
  EXPECT_NE(first_, second_);
  EXPECT_THAT(items(R"({"tableName":"Music","exclusiveStartKey":{"Artist":"a","Track":"1"}})"),
              IsEmpty());
}

TEST_F(IndexedItems, OfBatchesAndTransactions) {
  EXPECT_THAT(items(R"({"requestItems":[
                {"operation":"Put","tableName":"Music","key":{"Artist":"a","Track":"1"}},
                {"operation":"Put","tableName":"Music","key":{"Artist":"a","Track":"1"}},
                {"operation":"Get","tableName":"Music","key":{"Artist":"b","Track":"2"}}]})"),
              UnorderedElementsAre(first_, second_));
  EXPECT_THAT(items(R"({"requestItems":{"Music":{"keys":[{"Artist":"a","Track":"1"},
                {"Artist":"b","Track":"2"}]}}})"),
              UnorderedElementsAre(first_, second_));
}

TEST_F(IndexedItems, OfStatements) {
  EXPECT_THAT(
      items(
          R"j({"statement":"SELECT * FROM Music WHERE Artist = 'a' AND Track = 1 AND x = ***(Redacted)"})j"),
      ElementsAre(first_));
  EXPECT_THAT(
      items(
          R"({"statement":"UPDATE Music SET x = ***(Redacted) WHERE Artist = 'b' AND Track = 2"})"),
      ElementsAre(second_));
  EXPECT_THAT(
      items(
          R"j({"statement":"SELECT * FROM \"Music\".\"index\" WHERE Artist IN ['a', 'b'] AND Track = 1"})j"),
      UnorderedElementsAre(first_, item_of("Music", music("b", 1))));
  EXPECT_THAT(
      items(
          R"({"requestItems":[{"statement":"DELETE FROM Music WHERE Artist = 'a' AND Track = 1"}]})"),
      ElementsAre(first_));
}

TEST_F(IndexedItems, NothingOfWhatNamesNoItem) {
  EXPECT_THAT(items(""), IsEmpty());
  EXPECT_THAT(items("{"), IsEmpty());
  EXPECT_THAT(items("[1]"), IsEmpty());
  EXPECT_THAT(items(R"({"key":{"Artist":"a","Track":"1"}})"), IsEmpty());
  EXPECT_THAT(items(R"({"tableName":"Music","key":7})"), IsEmpty());
  EXPECT_THAT(items(R"({"statement":"SELECT * FROM Music WHERE Artist = 'a'"})"), IsEmpty());
  EXPECT_THAT(items(R"({"statement":"SELECT * FROM Music WHERE Artist = 'a' OR Track = 1"})"),
              IsEmpty());
  EXPECT_THAT(items(R"({"statement":"what is this"})"), IsEmpty());
  EXPECT_THAT(items(R"({"statement":"INSERT INTO Music VALUE {'Artist': ***(Redacted)}"})"),
              IsEmpty());
}

}  // namespace
}  // namespace millrace::audit::query
