#include "triggers/checkpoint.h"

#include "catalog/catalog.h"

namespace millrace::triggers {
namespace {

// Keys: 'c', the mapping's UUID, a kind, and for shards and lanes the shard's id, for lanes a zero
// byte and the lane.
constexpr char kCheckpointPrefix = 'c';
constexpr char kStreamKind = 't';
constexpr char kShardKind = 's';
constexpr char kLaneKind = 'v';
constexpr uint8_t kFormatVersion = 1;

Bytes key_prefix(const std::string& mapping_uuid) {
  return kCheckpointPrefix + mapping_uuid;
}

Bytes shard_key(const std::string& mapping_uuid, const std::string& shard_id) {
  return key_prefix(mapping_uuid) + kShardKind + shard_id;
}

Bytes lane_key(const std::string& mapping_uuid, const std::string& shard_id, size_t lane) {
  Bytes key = key_prefix(mapping_uuid) + kLaneKind + shard_id;
  key.push_back('\0');
  append_u32(key, static_cast<uint32_t>(lane));
  return key;
}

Bytes encode(const ShardCheckpoint& shard) {
  Bytes out;
  out.push_back(static_cast<char>(kFormatVersion));
  out.push_back(shard.finished ? 1 : 0);
  append_u64(out, shard.position);
  append_varint(out, shard.lane_count);
  return out;
}

Bytes encode(const LaneCheckpoint& lane) {
  Bytes out;
  out.push_back(static_cast<char>(kFormatVersion));
  append_u64(out, lane.position);
  out.push_back(lane.window ? 1 : 0);
  if (lane.window) {
    append_u64(out, static_cast<uint64_t>(lane.window->start_milliseconds));
    append_u64(out, static_cast<uint64_t>(lane.window->end_milliseconds));
    append_sized(out, lane.window->state);
    out.push_back(lane.window->terminated_early ? 1 : 0);
  }
  append_varint(out, lane.spans.size());
  for (const LaneCheckpoint::Span& span : lane.spans) {
    append_u64(out, span.end);
    append_varint(out, static_cast<uint64_t>(span.retries));
  }
  return out;
}

std::optional<ShardCheckpoint> decode_shard(ByteView value) {
  ByteReader reader(value);
  const auto version = reader.read_u8();
  const auto finished = reader.read_u8();
  const auto position = reader.read_u64();
  const auto lane_count = reader.read_varint();
  if (version != kFormatVersion || !finished || !position || !lane_count || *lane_count == 0 ||
      !reader.empty()) {
    return std::nullopt;
  }
  return ShardCheckpoint{*finished != 0, *position, static_cast<size_t>(*lane_count)};
}

std::optional<Window> read_window(ByteReader& reader) {
  const auto start = reader.read_u64();
  const auto end = reader.read_u64();
  const auto state = reader.read_sized();
  const auto terminated_early = reader.read_u8();
  if (!start || !end || !state || !terminated_early) return std::nullopt;
  return Window{static_cast<int64_t>(*start), static_cast<int64_t>(*end), std::string(*state),
                *terminated_early != 0};
}

std::optional<LaneCheckpoint> decode_lane(ByteView value) {
  ByteReader reader(value);
  const auto version = reader.read_u8();
  const auto position = reader.read_u64();
  const auto has_window = reader.read_u8();
  if (version != kFormatVersion || !position || !has_window) return std::nullopt;
  LaneCheckpoint lane{*position};
  if (*has_window != 0) {
    lane.window = read_window(reader);
    if (!lane.window) return std::nullopt;
  }
  const auto spans = reader.read_varint();
  if (!spans) return std::nullopt;
  for (uint64_t i = 0; i < *spans; ++i) {
    const auto end = reader.read_u64();
    const auto retries = reader.read_varint();
    if (!end || !retries) return std::nullopt;
    lane.spans.push_back({*end, static_cast<int64_t>(*retries)});
  }
  if (!reader.empty()) return std::nullopt;
  return lane;
}

// One stored entry, its key without the mapping's prefix. False when it is damaged.
bool read_entry(ByteView key, ByteView value, MappingCheckpoint& checkpoint) {
  const char kind = key.empty() ? '\0' : key.front();
  key.remove_prefix(key.empty() ? 0 : 1);
  if (kind == kStreamKind) {
    checkpoint.stream_label = value;
    return true;
  }
  if (kind == kShardKind) {
    auto shard = decode_shard(value);
    if (shard) checkpoint.shards[std::string(key)] = std::move(*shard);
    return shard.has_value();
  }
  const size_t id_size = key.find('\0');
  if (kind != kLaneKind || id_size == ByteView::npos) return false;
  // Shards come before lanes.
  const auto shard = checkpoint.shards.find(std::string(key.substr(0, id_size)));
  const auto number = ByteReader(key.substr(id_size + 1)).read_u32();
  auto lane = decode_lane(value);
  if (shard == checkpoint.shards.end() || !number || !lane) return false;
  shard->second.lanes[*number] = std::move(*lane);
  return true;
}

}  // namespace

Result<MappingCheckpoint> load_checkpoint(engine::Engine& engine, const std::string& mapping_uuid) {
  MappingCheckpoint checkpoint;
  const Bytes prefix = key_prefix(mapping_uuid);
  Bytes end = prefix;
  end.push_back('\xFF');
  bool damaged = false;
  TRY(engine.scan(catalog::kTriggersPartition, {prefix, end}, engine::Direction::kForward,
                  [&](ByteView key, ByteView value) {
                    damaged = !read_entry(key.substr(prefix.size()), value, checkpoint);
                    return !damaged;
                  }));
  if (damaged) return internal_error("a stored checkpoint of a trigger cannot be read");
  return checkpoint;
}

engine::Mutation put_stream(const std::string& mapping_uuid, const std::string& stream_label) {
  return engine::Put{key_prefix(mapping_uuid) + kStreamKind, stream_label};
}

engine::Mutation put_shard(const std::string& mapping_uuid, const std::string& shard_id,
                           const ShardCheckpoint& shard) {
  return engine::Put{shard_key(mapping_uuid, shard_id), encode(shard)};
}

engine::Mutation put_lane(const std::string& mapping_uuid, const std::string& shard_id, size_t lane,
                          const LaneCheckpoint& checkpoint) {
  return engine::Put{lane_key(mapping_uuid, shard_id, lane), encode(checkpoint)};
}

engine::Mutation erase_lane(const std::string& mapping_uuid, const std::string& shard_id,
                            size_t lane) {
  return engine::Erase{lane_key(mapping_uuid, shard_id, lane)};
}

engine::Mutation erase_shard(const std::string& mapping_uuid, const std::string& shard_id) {
  return engine::Erase{shard_key(mapping_uuid, shard_id)};
}

std::vector<engine::Mutation> erase_checkpoint(const std::string& mapping_uuid,
                                               const MappingCheckpoint& checkpoint) {
  std::vector<engine::Mutation> mutations;
  mutations.emplace_back(engine::Erase{key_prefix(mapping_uuid) + kStreamKind});
  for (const auto& [id, shard] : checkpoint.shards) {
    mutations.push_back(erase_shard(mapping_uuid, id));
    for (size_t lane = 0; lane < shard.lane_count; ++lane) {
      mutations.push_back(erase_lane(mapping_uuid, id, lane));
    }
  }
  return mutations;
}

}  // namespace millrace::triggers
