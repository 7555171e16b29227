// What a lane of a mapping reads of a shard: the records of its share of the keys that pass the
// mapping's filters, as the function gets them.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "json/document.h"
#include "ops/database.h"

namespace millrace::triggers {

// Records of a key go to lane `index` of `count`, always to the same one.
struct LaneShare {
  size_t index = 0;
  size_t count = 1;
};

struct EventRecord {
  engine::LogPosition position = 0;
  int64_t created_milliseconds = 0;
  Bytes json;  // an element of the event's Records
};

// Whether a mapping wants a record, given as the event shows it.
using RecordFilter = std::function<bool(json::Element record)>;

struct ShardRequest {
  std::string stream_arn;
  std::string shard_id;
  LaneShare share;
  RecordFilter filter;  // none: all
  engine::LogPosition from = 0;
  engine::LogPosition before = UINT64_MAX;  // nothing at this position or above
  size_t records_max = 0;
  size_t bytes_max = 0;         // of the records' texts
  bool takes_oversized = true;  // a first record may be larger than that
};

enum class ShardEnd {
  kMore,      // there may be more at once
  kFull,      // there is more, but it does not fit
  kCaughtUp,  // nothing more for now
  kClosed,    // nothing more ever
};

struct ShardRead {
  std::vector<EventRecord> records;
  engine::LogPosition next = 0;  // to read on from
  ShardEnd end = ShardEnd::kMore;
  // Trimmed before they were read, of all lanes.
  uint64_t lost_positions = 0;
};

// A stream or shard that is not there any more is closed. Errors are the engine's.
[[nodiscard]] Result<ShardRead> read_shard(const ops::Database& database,
                                           const ShardRequest& request);

// Created when; nullopt when there is no such record.
[[nodiscard]] Result<std::optional<int64_t>> created_milliseconds(const ops::Database& database,
                                                                  engine::PartitionId partition,
                                                                  engine::LogPosition from);

}  // namespace millrace::triggers
