#include "streams/change_record.h"

#include <gtest/gtest.h>

#include "model/item_encoding.h"

namespace millrace::streams {
namespace {

Item person(const char* name) {
  return {{"id", "1"}, {"name", name}};
}

TEST(ChangeRecord, ReadsBack) {
  const Bytes keys = encode_item({{"id", "1"}});
  const Bytes new_image = encode_item(person("new"));
  const Bytes old_image = encode_item(person("old"));
  for (int images = 0; images < 4; ++images) {
    ChangeRecord record{EventName::kModify, images == 2, 1'234'567, keys, {}, {}};
    if ((images & 1) != 0) record.new_image = new_image;
    if ((images & 2) != 0) record.old_image = old_image;
    const Bytes bytes = encode_change_record(record);
    auto read = decode_change_record(bytes);
    ASSERT_TRUE(read) << images;
    EXPECT_EQ(read->event_name, record.event_name);
    EXPECT_EQ(read->by_service, record.by_service);
    EXPECT_EQ(read->created_milliseconds, record.created_milliseconds);
    EXPECT_EQ(read->keys, record.keys);
    EXPECT_EQ(read->new_image, record.new_image);
    EXPECT_EQ(read->old_image, record.old_image);
    EXPECT_EQ(encode_change_record(*read), bytes);
  }
}

TEST(ChangeRecord, TruncatedOrLongerBytesAreNoRecord) {
  const Bytes keys = encode_item({{"id", "1"}});
  const Bytes image = encode_item(person("new"));
  Bytes bytes = encode_change_record({EventName::kInsert, false, 1, keys, image, {}});
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_change_record(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(decode_change_record(bytes + "x"));
}

// The sizes and members of a record as a published example of the service shows them.
TEST(ChangeRecord, IsWrittenAsTheServiceWritesIt) {
  const Bytes keys = encode_item({{"id", "1"}});
  const Bytes new_image = encode_item(person("Tung Nguyen"));
  const Bytes old_image = encode_item(person("Tung"));
  const ChangeRecord record{EventName::kModify, true,     1'550'272'599'123, keys,
                            new_image,          old_image};
  EXPECT_EQ(size_bytes(record), 32u);

  catalog::Stream stream;
  stream.view_type = catalog::StreamViewType::kNewAndOldImages;
  const catalog::Shard shard{"shardId-1", std::nullopt, 7, 1, std::nullopt};
  const RecordPlace place{stream, shard, 42};
  std::string out;
  json::Writer writer(out);
  ASSERT_TRUE(write_record(writer, record, place, "us-west-2").ok());
  EXPECT_EQ(out,
            R"({"eventID":")" + event_id(place) +
                R"(","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb",)"
                R"("awsRegion":"us-west-2","dynamodb":{"ApproximateCreationDateTime":1550272599,)"
                R"("Keys":{"id":{"S":"1"}},)"
                R"("NewImage":{"id":{"S":"1"},"name":{"S":"Tung Nguyen"}},)"
                R"("OldImage":{"id":{"S":"1"},"name":{"S":"Tung"}},)"
                R"("SequenceNumber":"100000000000000000042","SizeBytes":32,)"
                R"("StreamViewType":"NEW_AND_OLD_IMAGES"},)"
                R"("userIdentity":{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"}})");
}

// A function's event spells the identity as the service's own documents do, unlike GetRecords.
TEST(ChangeRecord, IsWrittenAsAnEventShowsIt) {
  const Bytes keys = encode_item({{"id", "1"}});
  const ChangeRecord record{EventName::kRemove, true, 0, keys, std::nullopt, std::nullopt};
  const catalog::Stream stream;
  const catalog::Shard shard{"shardId-1", std::nullopt, 7, 1, std::nullopt};
  std::string out;
  json::Writer writer(out);
  ASSERT_TRUE(write_record(writer, record, {stream, shard, 42}, "us-west-2",
                           {.event_source_arn = "arn:stream"})
                  .ok());
  EXPECT_TRUE(
      out.ends_with(R"("userIdentity":{"principalId":"dynamodb.amazonaws.com","type":"Service"},)"
                    R"("eventSourceARN":"arn:stream"})"))
      << out;
}

TEST(ChangeRecord, TellsItsRequestOnlyToWhoAsks) {
  const Bytes keys = encode_item({{"id", "1"}});
  ChangeRecord record{EventName::kRemove, false, 0, keys, std::nullopt, std::nullopt, "REQUEST"};
  const Bytes stored = encode_change_record(record);
  const auto read = decode_change_record(stored);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->request_id, "REQUEST");
  EXPECT_FALSE(decode_change_record(stored.substr(0, stored.size() - 1)));
  const catalog::Stream stream;
  const catalog::Shard shard{"shardId-1", std::nullopt, 7, 1, std::nullopt};
  const auto text = [&](const RecordForm& form) {
    std::string out;
    json::Writer writer(out);
    EXPECT_TRUE(write_record(writer, *read, {stream, shard, 42}, "us-west-2", form).ok());
    return out;
  };
  EXPECT_EQ(text({}).find("REQUEST"), std::string::npos);
  EXPECT_TRUE(text({.request_id = true}).ends_with(R"(},"requestID":"REQUEST"})"));
}

TEST(ChangeRecord, EventIdsAreStableAndDistinct) {
  catalog::Stream stream;
  stream.table_id = "table";
  stream.label = "label";
  const catalog::Shard shard{"shardId-1", std::nullopt, 7, 1, std::nullopt};
  const catalog::Shard sibling{"shardId-2", std::nullopt, 8, 1, std::nullopt};
  const std::string id = event_id({stream, shard, 1});
  EXPECT_EQ(id.size(), 32u);
  EXPECT_EQ(id, event_id({stream, shard, 1}));
  EXPECT_NE(id, event_id({stream, shard, 2}));
  EXPECT_NE(id, event_id({stream, sibling, 1}));
}

}  // namespace
}  // namespace millrace::streams
