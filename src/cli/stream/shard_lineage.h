// Which shards of a stream are read, from where, and when: a parent before its children, so that
// the changes of an item come in their order. A parent that is trimmed is no parent.
#pragma once

#include <map>
#include <vector>

#include "cli/stream/position.h"
#include "cli/stream/stream_description.h"

namespace millrace::cli::stream {

struct ShardStart {
  ShardDescription shard;
  Position position;
};

// Not thread-safe.
class ShardLineage {
 public:
  // `from` is not a sequence number. Of kLatest, each shard that is open now is read from its end;
  // else all are read, from `from`.
  ShardLineage(const std::vector<ShardDescription>& shards, const Position& from);
  // Reads `holders`, from `from`, and what descends from them.
  ShardLineage(const std::vector<ShardDescription>& shards,
               const std::vector<ShardDescription>& holders, const Position& from);

  // Adds the shards that are new and forgets those that are gone and done with.
  void update(const std::vector<ShardDescription>& shards);
  // The shards that may be read now, in the order of their creation.
  [[nodiscard]] std::vector<ShardStart> ready() const;
  void begin(const std::string& shard_id);
  void finish(const std::string& shard_id);

 private:
  enum class State { kSkipped, kWaiting, kReading, kRead };
  struct Node {
    ShardDescription shard;
    Position position;
    State state;
  };

  [[nodiscard]] const Node* parent_of(const ShardDescription& shard) const;

  std::map<std::string, Node> nodes_;  // by shard id, which is the order of creation
  Position inherited_;                 // of what is added later
  bool descendants_only_ = false;
};

}  // namespace millrace::cli::stream
