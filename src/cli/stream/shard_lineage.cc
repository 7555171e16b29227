#include "cli/stream/shard_lineage.h"

#include <algorithm>
#include <set>

namespace millrace::cli::stream {

namespace {

std::vector<ShardDescription> by_creation(std::vector<ShardDescription> shards) {
  std::ranges::sort(shards, {}, &ShardDescription::id);
  return shards;
}

}  // namespace

ShardLineage::ShardLineage(const std::vector<ShardDescription>& shards, const Position& from) {
  if (from.kind == Position::Kind::kTime) inherited_ = from;
  for (const ShardDescription& shard : by_creation(shards)) {
    Node node{shard, from, State::kWaiting};
    if (from.kind == Position::Kind::kLatest) {
      // A child that is listed with its open parent was made between two pages of the listing.
      const Node* parent = parent_of(shard);
      const bool descends = parent != nullptr && parent->state == State::kWaiting;
      if (descends) node.position = inherited_;
      if (!descends && !shard.is_open()) node.state = State::kSkipped;
    }
    nodes_.emplace(shard.id, std::move(node));
  }
}

ShardLineage::ShardLineage(const std::vector<ShardDescription>& shards,
                           const std::vector<ShardDescription>& holders, const Position& from)
    : descendants_only_(true) {
  for (const ShardDescription& shard : by_creation(shards)) {
    const Node* parent = parent_of(shard);
    const bool descends = parent != nullptr && parent->state != State::kSkipped;
    const bool holds = std::ranges::find(holders, shard.id, &ShardDescription::id) != holders.end();
    nodes_.emplace(shard.id, Node{shard, holds && !descends ? from : inherited_,
                                  holds || descends ? State::kWaiting : State::kSkipped});
  }
}

const ShardLineage::Node* ShardLineage::parent_of(const ShardDescription& shard) const {
  if (!shard.parent_id) return nullptr;
  const auto found = nodes_.find(*shard.parent_id);
  return found == nodes_.end() ? nullptr : &found->second;
}

void ShardLineage::update(const std::vector<ShardDescription>& shards) {
  std::set<std::string> listed;
  for (const ShardDescription& shard : by_creation(shards)) {
    listed.insert(shard.id);
    if (nodes_.contains(shard.id)) continue;
    const Node* parent = parent_of(shard);
    const bool skips = descendants_only_ && parent != nullptr && parent->state == State::kSkipped;
    nodes_.emplace(shard.id, Node{shard, inherited_, skips ? State::kSkipped : State::kWaiting});
  }
  std::erase_if(nodes_, [&](const auto& entry) {
    const State state = entry.second.state;
    return !listed.contains(entry.first) && state != State::kReading;
  });
}

std::vector<ShardStart> ShardLineage::ready() const {
  std::vector<ShardStart> starts;
  for (const auto& [id, node] : nodes_) {
    if (node.state != State::kWaiting) continue;
    const Node* parent = parent_of(node.shard);
    const bool parent_is_done =
        parent == nullptr || parent->state == State::kRead || parent->state == State::kSkipped;
    if (parent_is_done) starts.push_back({node.shard, node.position});
  }
  return starts;
}

void ShardLineage::begin(const std::string& shard_id) {
  nodes_.at(shard_id).state = State::kReading;
}

void ShardLineage::finish(const std::string& shard_id) {
  nodes_.at(shard_id).state = State::kRead;
}

}  // namespace millrace::cli::stream
