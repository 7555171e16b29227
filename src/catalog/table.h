// What is known of a table and of a stream, apart from their data. Values are immutable once the
// catalog publishes them and are shared between threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/index.h"
#include "catalog/key_schema.h"
#include "catalog/throughput.h"
#include "engine/engine.h"

namespace millrace::catalog {

enum class StreamViewType { kKeysOnly, kNewImage, kOldImage, kNewAndOldImages };
[[nodiscard]] std::string_view stream_view_type_name(StreamViewType type);
[[nodiscard]] std::optional<StreamViewType> stream_view_type_of_name(std::string_view name);

// One partition's log from a first position to a last. Closed when `last` is there.
struct Shard {
  std::string id;
  std::optional<std::string> parent_id;
  engine::PartitionId partition = 0;
  engine::LogPosition first = 0;
  // Position of the last record, or `first` when the shard closed without one.
  std::optional<engine::LogPosition> last;
};

struct Stream {
  std::string table_name;
  std::string table_id;  // a table made later under the same name has another
  std::string label;     // ISO 8601 with milliseconds, unique per table name
  KeySchema key_schema;
  StreamViewType view_type = StreamViewType::kKeysOnly;
  bool enabled = true;
  int64_t created_milliseconds = 0;
  int64_t disabled_milliseconds = 0;  // 0 while enabled
  std::vector<Shard> shards;          // in order of creation
};

struct Partition {
  engine::PartitionId id = 0;
  // Partition keys with a hash at or above this one, up to the next partition's, live here.
  uint64_t first_hash = 0;
};

// TTL: items are removed when the time that this attribute holds has passed.
struct TimeToLive {
  std::string attribute_name;
  // As of a global index: the items in the order of these times are one, too.
  uint32_t number = 0;
  bool backfilling = false;
  engine::PartitionId partition = 0;
};

// The one of `partitions`, in order and from hash 0 on, where a hash lives.
[[nodiscard]] const Partition& partition_of(const std::vector<Partition>& partitions,
                                            uint64_t hash);

// Values by key.
using Tags = std::map<std::string, std::string>;

struct Table {
  std::string id;  // a UUID
  std::string name;
  int64_t created_milliseconds = 0;
  KeySchema key_schema;
  std::vector<KeyAttribute> attribute_definitions;  // as the request listed them
  BillingMode billing_mode = BillingMode::kProvisioned;
  int64_t pay_per_request_since_milliseconds = 0;  // 0: never switched
  Throughput throughput;                           // zeros when paid per request
  bool deletion_protection = false;
  std::string table_class;  // empty unless the request named one
  Tags tags;
  std::vector<Index> indexes;              // local ones first
  std::optional<TimeToLive> time_to_live;  // none: disabled
  uint32_t next_index_number = 1;
  std::vector<Partition> partitions;            // by first_hash; the first begins at 0
  std::shared_ptr<const Stream> latest_stream;  // nullptr: never had one

  [[nodiscard]] const Partition& partition_of(uint64_t hash) const {
    return catalog::partition_of(partitions, hash);
  }
  // nullptr when there is none of that name.
  [[nodiscard]] const Index* find_index(std::string_view index_name) const;
  [[nodiscard]] bool has_local_indexes() const;
  [[nodiscard]] bool stream_enabled() const { return latest_stream && latest_stream->enabled; }
};

}  // namespace millrace::catalog
