// How far a mapping has come, as it is stored (docs/formats/triggers.md): by mapping, stream, shard
// and lane.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "triggers/batch.h"

namespace millrace::triggers {

// Of one lane of a shard.
struct LaneCheckpoint {
  // The lane's records below are worked off.
  engine::LogPosition position = 0;
  std::optional<Window> window = {};
  // Batches that have failed or been split, in order, without a gap: the first begins at
  // `position`, each ends before `end`.
  struct Span {
    engine::LogPosition end = 0;
    int64_t retries = 0;
    friend bool operator==(const Span&, const Span&) = default;
  };
  std::vector<Span> spans = {};

  friend bool operator==(const LaneCheckpoint&, const LaneCheckpoint&) = default;
};

// Of a shard that has been begun.
struct ShardCheckpoint {
  bool finished = false;
  // Where its lanes begin that have no checkpoint yet.
  engine::LogPosition position = 0;
  size_t lane_count = 1;
  std::map<size_t, LaneCheckpoint> lanes = {};
};

struct MappingCheckpoint {
  // The stream that the shards are of. Empty: the mapping never began.
  std::string stream_label;
  std::map<std::string, ShardCheckpoint> shards = {};  // by id
};

// InternalServerError when what is stored is damaged.
[[nodiscard]] Result<MappingCheckpoint> load_checkpoint(engine::Engine& engine,
                                                        const std::string& mapping_uuid);

// Mutations of the triggers' partition. What is stored of a shard is what was put last of it and
// of each lane.
[[nodiscard]] engine::Mutation put_stream(const std::string& mapping_uuid,
                                          const std::string& stream_label);
// Not its lanes.
[[nodiscard]] engine::Mutation put_shard(const std::string& mapping_uuid,
                                         const std::string& shard_id, const ShardCheckpoint& shard);
[[nodiscard]] engine::Mutation put_lane(const std::string& mapping_uuid,
                                        const std::string& shard_id, size_t lane,
                                        const LaneCheckpoint& checkpoint);
[[nodiscard]] engine::Mutation erase_lane(const std::string& mapping_uuid,
                                          const std::string& shard_id, size_t lane);
[[nodiscard]] engine::Mutation erase_shard(const std::string& mapping_uuid,
                                           const std::string& shard_id);
// Everything of the mapping.
[[nodiscard]] std::vector<engine::Mutation> erase_checkpoint(const std::string& mapping_uuid,
                                                             const MappingCheckpoint& checkpoint);

}  // namespace millrace::triggers
