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

// catalog/resource_policy.h; nullptr: none.
struct ResourcePolicy;
using ResourcePolicyPointer = std::shared_ptr<const ResourcePolicy>;

// One partition's log from a first position to a last. Closed when `last` is there.
struct Shard {
  std::string id;
  std::optional<std::string> parent_id;
  engine::PartitionId partition = 0;
  engine::LogPosition first = 0;
  // Position of the last record, or `first` when the shard closed without one.
  std::optional<engine::LogPosition> last;
  int64_t created_milliseconds = 0;
  int64_t closed_milliseconds = 0;  // 0 while open
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
  int64_t retention_seconds = 0;      // 0: as long as the server keeps records by default
  std::vector<Shard> shards;          // in order of creation
  ResourcePolicyPointer resource_policy;
};

// A range of hashes: the items that one lane writes, and the log of their changes. The items
// themselves stay where they are when a partition splits.
struct Partition {
  engine::PartitionId id = 0;
  // Items whose partition keys hash to this or above, up to the next partition's, are written here.
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
  ResourcePolicyPointer resource_policy;
  uint32_t next_index_number = 1;
  engine::PartitionId items_partition = 0;      // of the engine: has the items of all partitions
  std::vector<Partition> partitions;            // by first_hash; the first begins at 0
  std::shared_ptr<const Stream> latest_stream;  // nullptr: never had one

  // Where the items of a partition key with this hash are written.
  [[nodiscard]] const Partition& partition_of(uint64_t hash) const;
  // The last hash of partition number `index`.
  [[nodiscard]] uint64_t last_hash_of(size_t index) const;
  // nullptr when there is none of that name.
  [[nodiscard]] const Index* find_index(std::string_view index_name) const;
  [[nodiscard]] bool has_local_indexes() const;
  [[nodiscard]] bool stream_enabled() const { return latest_stream && latest_stream->enabled; }
};

}  // namespace millrace::catalog
