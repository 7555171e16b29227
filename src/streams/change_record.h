// One item-level change as the log keeps it (docs/formats/log.md) and as the Streams API shows it.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "catalog/table.h"
#include "json/writer.h"

namespace millrace::streams {

enum class EventName : uint8_t { kInsert, kModify, kRemove };

// Images are encoded items (model/item_encoding.h). The views belong to whoever made the record.
struct ChangeRecord {
  EventName event_name = EventName::kInsert;
  // Whether the service removed the item by itself, as TTL does: shown as `userIdentity`.
  bool by_service = false;
  int64_t created_milliseconds = 0;
  ByteView keys;
  // Only what the stream's view type asks for.
  std::optional<ByteView> new_image;
  std::optional<ByteView> old_image;
  // Of the request that made the change, if it is known to the audit trail; else empty.
  ByteView request_id = {};
};

// Of keys and images, by the item size rules.
[[nodiscard]] size_t size_bytes(const ChangeRecord& record);

[[nodiscard]] Bytes encode_change_record(const ChangeRecord& record);
// nullopt when the bytes are not a record. The views point into `bytes`.
[[nodiscard]] std::optional<ChangeRecord> decode_change_record(ByteView bytes);

// Where a record stands: what makes its eventID and its sequence number.
struct RecordPlace {
  const catalog::Stream& stream;
  const catalog::Shard& shard;
  engine::LogPosition position;
};

// 32 hexadecimal digits, the same at every reading, different for every record.
[[nodiscard]] std::string event_id(const RecordPlace& place);

// What a record shows beside what GetRecords shows.
struct RecordForm {
  std::string_view event_source_arn = {};  // the stream's: as Lambda's events have it
  bool request_id = false;                 // requestID, where it is known
};

// InternalServerError when an image cannot be read.
[[nodiscard]] Status write_record(json::Writer& writer, const ChangeRecord& record,
                                  const RecordPlace& place, std::string_view region,
                                  const RecordForm& form = {});

}  // namespace millrace::streams
