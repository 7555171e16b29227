#include "catalog/catalog.h"

#include <future>

#include <gtest/gtest.h>

#include "catalog/descriptor.h"
#include "catalog/resource_policy.h"
#include "catalog/secret.h"
#include "engine/memory/memory_engine.h"

namespace millrace::catalog {
namespace {

Stream example_stream(const std::string& table_name, const std::string& label) {
  Stream stream;
  stream.table_name = table_name;
  stream.table_id = "id of " + table_name;
  stream.label = label;
  stream.key_schema.partition_key = {"pk", AttributeType::kString};
  stream.view_type = StreamViewType::kNewAndOldImages;
  stream.created_milliseconds = 5;
  stream.shards.push_back({"shardId-1", std::nullopt, 7, 3, std::nullopt, 1'000, 0});
  return stream;
}

Table example_table(const std::string& name) {
  Table table;
  table.id = "id of " + name;
  table.name = name;
  table.created_milliseconds = 1'234;
  table.key_schema.partition_key = {"pk", AttributeType::kString};
  table.key_schema.sort_key = KeyAttribute{"sk", AttributeType::kNumber};
  table.attribute_definitions = {*table.key_schema.sort_key, table.key_schema.partition_key};
  table.throughput = {5, 6, 7, 8, 9};
  table.deletion_protection = true;
  table.table_class = "STANDARD";
  table.items_partition = 6;
  table.partitions = {{7, 0}, {8, 0xFFFFFFFFFFFFFFF0ULL}};
  return table;
}

void commit(engine::Engine& engine, Catalog& catalog, const Change& change) {
  std::promise<Status> done;
  engine.commit({catalog.commit_of(change)}, [&](Status status) { done.set_value(status); });
  ASSERT_TRUE(done.get_future().get().ok());
  catalog.publish(change);
}

TEST(Descriptor, TableReadsBack) {
  const Table table = example_table("orders");
  auto read = read_table(write_table(table));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(write_table(read->table), write_table(table));
  EXPECT_EQ(read->table.partitions.back().first_hash, 0xFFFFFFFFFFFFFFF0ULL);
  EXPECT_EQ(read->table.key_schema.sort_key, table.key_schema.sort_key);
  EXPECT_FALSE(read->latest_stream_label);
}

TEST(Descriptor, TagsMayBeAbsent) {
  Table table = example_table("orders");
  const std::string without = write_table(table);
  EXPECT_EQ(without.find("tags"), std::string::npos);
  EXPECT_TRUE(read_table(without).value().table.tags.empty());
  table.tags = {{"owner \"x\"", ""}, {"ключ", "значение"}};
  auto read = read_table(write_table(table));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->table.tags, table.tags);
}

ResourcePolicyPointer example_policy() {
  ResourcePolicy policy;
  policy.revision_id = "1700000000000";
  policy.json =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"dynamodb:*","Resource":"*"}]})";
  policy.policy = policy::read_policy(policy.json, policy::DocumentKind::kResource).value();
  return std::make_shared<const ResourcePolicy>(std::move(policy));
}

TEST(Descriptor, ResourcePolicyReadsBack) {
  Table table = example_table("orders");
  EXPECT_EQ(read_table(write_table(table))->table.resource_policy, nullptr);
  table.resource_policy = example_policy();
  const auto read = read_table(write_table(table)).value().table.resource_policy;
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->json, table.resource_policy->json);
  EXPECT_EQ(read->revision_id, "1700000000000");
  EXPECT_NE(read->policy, nullptr);

  Stream stream = example_stream("orders", "label");
  EXPECT_EQ(read_stream(write_stream(stream))->resource_policy, nullptr);
  stream.resource_policy = example_policy();
  EXPECT_EQ(read_stream(write_stream(stream))->resource_policy->json, read->json);
  // A policy that cannot be read is no policy that allows everything.
  auto damaged = std::make_shared<ResourcePolicy>(*example_policy());
  damaged->json = "{}";
  stream.resource_policy = damaged;
  EXPECT_FALSE(read_stream(write_stream(stream)).ok());
}

TEST(Descriptor, StreamReadsBack) {
  Stream stream = example_stream("orders", "label");
  stream.enabled = false;
  stream.shards.push_back({"shardId-2", "shardId-1", 8, 4, 9, 2'000, 3'000});
  auto read = read_stream(write_stream(stream));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(write_stream(*read), write_stream(stream));
  EXPECT_EQ(read->shards[1].last, 9u);
  EXPECT_EQ(read->shards[1].created_milliseconds, 2'000);
  EXPECT_EQ(read->shards[1].closed_milliseconds, 3'000);
  EXPECT_FALSE(read->shards[0].last);
}

void remove(std::string& text, const std::string& part) {
  const size_t at = text.find(part);
  ASSERT_NE(at, std::string::npos) << part << " in " << text;
  text.erase(at, part.size());
}

// docs/formats/catalog.md tells what stands for a member that is absent.
TEST(Descriptor, ATableWithoutAPartitionOfItemsHasThemInItsFirst) {
  std::string text = write_table(example_table("orders"));
  remove(text, "\"items_partition\":6,");
  EXPECT_EQ(read_table(text).value().table.items_partition, 7u);
}

TEST(Descriptor, AShardWithoutTimesHasThoseOfItsStream) {
  Stream stream = example_stream("orders", "label");
  stream.enabled = false;
  stream.created_milliseconds = 4'000;
  stream.disabled_milliseconds = 5'000;
  stream.shards = {{"shardId-2", "shardId-1", 8, 4, 9, 2'000, 3'000}};
  std::string text = write_stream(stream);
  remove(text, "\"created_milliseconds\":2000,");
  remove(text, "\"closed_milliseconds\":3000,");
  remove(text, "\"retention_seconds\":0,");
  const Stream read = read_stream(text).value();
  EXPECT_EQ(read.shards[0].created_milliseconds, 4'000);
  EXPECT_EQ(read.shards[0].closed_milliseconds, 5'000);
}

TEST(Descriptor, DamagedTextIsAnError) {
  for (const char* text : {"", "{}", "[]", R"({"id":1})", R"({"id":"a","name":"b"})"}) {
    EXPECT_FALSE(read_table(text).ok()) << text;
    EXPECT_FALSE(read_stream(text).ok()) << text;
  }
}

TEST(Table, FindsThePartitionOfAHash) {
  const Table table = example_table("orders");
  EXPECT_EQ(table.partition_of(0).id, 7u);
  EXPECT_EQ(table.partition_of(0xFFFFFFFFFFFFFFEFULL).id, 7u);
  EXPECT_EQ(table.partition_of(0xFFFFFFFFFFFFFFF0ULL).id, 8u);
}

TEST(Catalog, IsThereAgainAfterReopening) {
  auto engine = engine::open_memory_engine();
  auto catalog = Catalog::open(*engine, {}).value();
  auto table = std::make_shared<Table>(example_table("orders"));
  table->latest_stream = std::make_shared<const Stream>(example_stream("orders", "b"));
  auto old_stream = std::make_shared<const Stream>(example_stream("orders", "a"));
  commit(*engine, *catalog, {{table}, {}, {table->latest_stream, old_stream}});

  auto again = Catalog::open(*engine, {}).value();
  auto found = again->find_table("orders");
  ASSERT_TRUE(found);
  EXPECT_EQ(write_table(*found), write_table(*table));
  EXPECT_EQ(found->latest_stream->label, "b");
  EXPECT_TRUE(again->find_stream("orders", "a"));
  EXPECT_EQ(again->new_partition_id(), 9u) << "ids in use are not given out";
}

TEST(Catalog, ADroppedTableLeavesItsStreams) {
  auto engine = engine::open_memory_engine();
  auto catalog = Catalog::open(*engine, {}).value();
  auto table = std::make_shared<const Table>(example_table("orders"));
  auto stream = std::make_shared<const Stream>(example_stream("orders", "a"));
  commit(*engine, *catalog, {{table}, {}, {stream}});
  commit(*engine, *catalog, {{}, {"orders"}, {}});
  for (auto* opened : {catalog.get(), Catalog::open(*engine, {}).value().release()}) {
    EXPECT_FALSE(opened->find_table("orders"));
    EXPECT_TRUE(opened->find_stream("orders", "a"));
    if (opened != catalog.get()) delete opened;
  }
}

TEST(Catalog, AReservedNameIsTaken) {
  auto engine = engine::open_memory_engine();
  auto catalog = Catalog::open(*engine, {}).value();
  EXPECT_TRUE(catalog->reserve_name("orders"));
  EXPECT_FALSE(catalog->reserve_name("orders"));
  EXPECT_FALSE(catalog->find_table("orders"));
  catalog->release_name("orders");
  EXPECT_TRUE(catalog->reserve_name("orders"));
  commit(*engine, *catalog, {{std::make_shared<const Table>(example_table("orders"))}, {}, {}});
  EXPECT_FALSE(catalog->reserve_name("orders"));
}

TEST(Catalog, ListsTablesAndStreamsInPages) {
  auto engine = engine::open_memory_engine();
  auto catalog = Catalog::open(*engine, {}).value();
  Change change;
  for (const char* name : {"c", "a", "b"}) {
    change.tables.push_back(std::make_shared<const Table>(example_table(name)));
    for (const char* label : {"2", "1"}) {
      change.streams.push_back(std::make_shared<const Stream>(example_stream(name, label)));
    }
  }
  commit(*engine, *catalog, change);
  EXPECT_EQ(catalog->table_names("", 2), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(catalog->table_names("b", 2), (std::vector<std::string>{"c"}));

  auto page = catalog->list_streams("", "a", "1", 2);
  ASSERT_EQ(page.streams.size(), 2u);
  EXPECT_EQ(page.streams[0]->table_name + page.streams[0]->label, "a2");
  EXPECT_EQ(page.streams[1]->table_name + page.streams[1]->label, "b1");
  EXPECT_TRUE(page.more);
  page = catalog->list_streams("b", "", "", 2);
  ASSERT_EQ(page.streams.size(), 2u);
  EXPECT_EQ(page.streams[1]->label, "2");
  EXPECT_FALSE(page.more) << "the next stream is another table's";
}

TEST(Secret, IsMadeOnceAndKept) {
  auto engine = engine::open_memory_engine();
  Random random(1);
  const Bytes secret = load_or_create_secret(*engine, "one", random).value();
  EXPECT_EQ(secret.size(), 32u);
  EXPECT_EQ(load_or_create_secret(*engine, "one", random).value(), secret);
  EXPECT_NE(load_or_create_secret(*engine, "two", random).value(), secret);
  EXPECT_TRUE(Catalog::open(*engine, {}).ok());
}

}  // namespace
}  // namespace millrace::catalog
