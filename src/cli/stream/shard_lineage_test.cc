#include "cli/stream/shard_lineage.h"

#include <gtest/gtest.h>

namespace millrace::cli::stream {
namespace {

using Kind = Position::Kind;

ShardDescription shard(std::string id, std::string parent = "", bool is_open = false) {
  ShardDescription description{.id = std::move(id),
                               .parent_id = std::nullopt,
                               .first_sequence_number = "1",
                               .last_sequence_number = std::nullopt};
  if (!parent.empty()) description.parent_id = std::move(parent);
  if (!is_open) description.last_sequence_number = "9";
  return description;
}

// "a:T b:L": ids with the letter of the position.
std::string ready(const ShardLineage& lineage) {
  std::string text;
  for (const ShardStart& start : lineage.ready()) {
    if (!text.empty()) text += " ";
    text += start.shard.id + ":" + "TLAFM"[static_cast<size_t>(start.position.kind)];
  }
  return text;
}

// a rolls to b, b splits to c and d; e is what a trimmed one left.
std::vector<ShardDescription> family() {
  return {shard("a"), shard("b", "a"), shard("c", "b", true), shard("d", "b", true),
          shard("e", "0", true)};
}

TEST(ShardLineageTest, ParentsComeBeforeChildren) {
  ShardLineage lineage(family(), {});
  EXPECT_EQ(ready(lineage), "a:T e:T");
  lineage.begin("a");
  EXPECT_EQ(ready(lineage), "e:T");
  lineage.finish("a");
  EXPECT_EQ(ready(lineage), "b:T e:T");
  lineage.begin("b");
  lineage.finish("b");
  EXPECT_EQ(ready(lineage), "c:T d:T e:T");
}

TEST(ShardLineageTest, LatestIsTheEndOfTheOpenShardsAndAllThatComesLater) {
  ShardLineage lineage(family(), {.kind = Kind::kLatest});
  EXPECT_EQ(ready(lineage), "c:L d:L e:L");
  for (const char* id : {"c", "d", "e"}) lineage.begin(id);
  lineage.update({shard("b", "a"), shard("c", "b"), shard("d", "b", true), shard("e", "0", true),
                  shard("f", "c", true)});
  EXPECT_EQ(ready(lineage), "");
  lineage.finish("c");
  EXPECT_EQ(ready(lineage), "f:T");
}

TEST(ShardLineageTest, LatestOfAParentIsTheStartOfItsChild) {
  ShardLineage lineage({shard("a", "", true), shard("b", "a"), shard("c", "b", true)},
                       {.kind = Kind::kLatest});
  EXPECT_EQ(ready(lineage), "a:L");
  lineage.begin("a");
  lineage.finish("a");
  EXPECT_EQ(ready(lineage), "b:T");
  lineage.finish("b");
  EXPECT_EQ(ready(lineage), "c:T");
}

TEST(ShardLineageTest, ASequenceNumberIsReadOnInItsDescendants) {
  const std::vector<ShardDescription> shards = family();
  ShardLineage lineage(shards, {shards[1]}, {.kind = Kind::kAt, .sequence_number = "5"});
  EXPECT_EQ(ready(lineage), "b:A");
  lineage.begin("b");
  lineage.finish("b");
  EXPECT_EQ(ready(lineage), "c:T d:T");
  lineage.update({shard("c", "b"), shard("d", "b", true), shard("e", "0"), shard("f", "c", true),
                  shard("g", "e", true)});
  lineage.begin("c");
  lineage.finish("c");
  EXPECT_EQ(ready(lineage), "d:T f:T");
}

TEST(ShardLineageTest, ATimeHoldsForAllShards) {
  ShardLineage lineage({shard("a", "", true)},
                       {.kind = Kind::kTime, .sequence_number = {}, .seconds = 7});
  EXPECT_EQ(ready(lineage), "a:M");
  lineage.begin("a");
  lineage.update({shard("a"), shard("b", "a", true)});
  lineage.finish("a");
  ASSERT_EQ(ready(lineage), "b:M");
  EXPECT_EQ(lineage.ready()[0].position.seconds, 7);
}

TEST(ShardLineageTest, AParentThatIsTrimmedMeanwhileIsNoParent) {
  ShardLineage lineage({shard("a"), shard("b", "a", true)}, {});
  EXPECT_EQ(ready(lineage), "a:T");
  lineage.update({shard("b", "a", true)});
  EXPECT_EQ(ready(lineage), "b:T");
}

}  // namespace
}  // namespace millrace::cli::stream
