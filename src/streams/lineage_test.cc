#include "streams/lineage.h"

#include <regex>

#include <gtest/gtest.h>

namespace millrace::streams {
namespace {

constexpr engine::PartitionId kPartition = 7;

catalog::Table example_table() {
  catalog::Table table;
  table.id = "id";
  table.name = "orders";
  table.partitions = {{kPartition, 0}};
  return table;
}

TEST(Lineage, AStreamBeginsWhereTheLogEnds) {
  Random random(1);
  const auto stream = begin_stream(example_table(), catalog::StreamViewType::kNewImage,
                                   {{kPartition, 42}}, nullptr, 1'767'323'045'678, random);
  EXPECT_TRUE(stream.enabled);
  EXPECT_EQ(stream.label, "2026-01-02T03:04:05.678");
  ASSERT_EQ(stream.shards.size(), 1u);
  EXPECT_EQ(stream.shards[0].first, 42u);
  EXPECT_FALSE(stream.shards[0].last);
  EXPECT_TRUE(std::regex_match(stream.shards[0].id, std::regex("shardId-[0-9]{20}-[0-9a-f]{8}")))
      << stream.shards[0].id;
}

TEST(Lineage, LabelsOfATableNameRise) {
  Random random(1);
  const auto first = begin_stream(example_table(), catalog::StreamViewType::kNewImage,
                                  {{kPartition, 1}}, nullptr, 1'000, random);
  // The clock has not moved, then has stepped back.
  const auto second = begin_stream(example_table(), catalog::StreamViewType::kNewImage,
                                   {{kPartition, 1}}, &first, 1'000, random);
  const auto third = begin_stream(example_table(), catalog::StreamViewType::kNewImage,
                                  {{kPartition, 1}}, &second, 500, random);
  EXPECT_LT(first.label, second.label);
  EXPECT_LT(second.label, third.label);
  EXPECT_LT(second.shards[0].id, third.shards[0].id);
}

TEST(Lineage, AClosedShardEndsWithItsLastRecord) {
  Random random(1);
  const auto stream = begin_stream(example_table(), catalog::StreamViewType::kNewImage,
                                   {{kPartition, 5}}, nullptr, 1'000, random);
  const auto ended = end_stream(stream, {{kPartition, 9}}, 2'000);
  EXPECT_FALSE(ended.enabled);
  EXPECT_EQ(ended.disabled_milliseconds, 2'000);
  EXPECT_EQ(ended.shards[0].last, 8u);
  EXPECT_EQ(next_position(&ended, kPartition, 9), 9u);
}

TEST(Lineage, AnEmptyShardTakesOnePositionForItself) {
  Random random(1);
  const auto stream = begin_stream(example_table(), catalog::StreamViewType::kNewImage,
                                   {{kPartition, 5}}, nullptr, 1'000, random);
  const auto ended = end_stream(stream, {{kPartition, 5}}, 2'000);
  EXPECT_EQ(ended.shards[0].last, 5u);
  EXPECT_EQ(next_position(&ended, kPartition, 5), 6u);
  EXPECT_EQ(next_position(&stream, kPartition, 1), 5u) << "an open shard's first is its own";
  EXPECT_EQ(next_position(nullptr, kPartition, 0), 1u);
}

TEST(Lineage, ARolledShardHasAChildOnItsPartition) {
  Random random(1);
  auto stream = begin_stream(example_table(), catalog::StreamViewType::kNewImage, {{kPartition, 5}},
                             nullptr, 1'000, random);
  ASSERT_NE(replace_shard(stream, {kPartition, 9}, {kPartition}, 2'000, random), nullptr);
  ASSERT_EQ(stream.shards.size(), 2u);
  EXPECT_EQ(stream.shards[0].last, 8u);
  EXPECT_EQ(stream.shards[0].closed_milliseconds, 2'000);
  EXPECT_EQ(stream.shards[1].parent_id, stream.shards[0].id);
  EXPECT_EQ(stream.shards[1].first, 9u);
  EXPECT_EQ(stream.shards[1].created_milliseconds, 2'000);
  EXPECT_LT(stream.shards[0].id, stream.shards[1].id);
}

TEST(Lineage, AnEmptyShardIsFollowedBehindThePositionItTook) {
  Random random(1);
  auto stream = begin_stream(example_table(), catalog::StreamViewType::kNewImage, {{kPartition, 5}},
                             nullptr, 1'000, random);
  replace_shard(stream, {kPartition, 5}, {kPartition}, 2'000, random);
  EXPECT_EQ(stream.shards[0].last, 5u);
  EXPECT_EQ(stream.shards[1].first, 6u);
  EXPECT_EQ(next_position(&stream, kPartition, 5), 6u);
}

TEST(Lineage, ASplitShardHasAChildOnEachHalf) {
  Random random(1);
  auto stream = begin_stream(example_table(), catalog::StreamViewType::kNewImage, {{kPartition, 5}},
                             nullptr, 1'000, random);
  // The clock has stepped back: the ids are in order all the same.
  replace_shard(stream, {kPartition, 9}, {8, 9}, 500, random);
  ASSERT_EQ(stream.shards.size(), 3u);
  for (const size_t child : {1, 2}) {
    EXPECT_EQ(stream.shards[child].parent_id, stream.shards[0].id);
    EXPECT_EQ(stream.shards[child].first, 9u);
    EXPECT_LT(stream.shards[child - 1].id, stream.shards[child].id);
  }
  EXPECT_EQ(stream.shards[1].partition, 8u);
  EXPECT_EQ(stream.shards[2].partition, 9u);
  EXPECT_EQ(next_position(&stream, 9, 1), 9u) << "the child goes on where its parent ended";
}

TEST(Lineage, APartitionWithoutAnOpenShardHasNothingToReplace) {
  Random random(1);
  const auto stream = begin_stream(example_table(), catalog::StreamViewType::kNewImage,
                                   {{kPartition, 5}}, nullptr, 1'000, random);
  auto ended = end_stream(stream, {{kPartition, 9}}, 2'000);
  EXPECT_EQ(replace_shard(ended, {kPartition, 9}, {8, 9}, 3'000, random), nullptr);
  EXPECT_EQ(ended.shards.size(), 1u);
}

}  // namespace
}  // namespace millrace::streams
