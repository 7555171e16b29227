#include "streams/change_record.h"

#define XXH_INLINE_ALL
#include <array>
#include <xxhash.h>

#include "base/check.h"
#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "streams/sequence_number.h"

namespace millrace::streams {
namespace {

constexpr uint8_t kFormatVersion = 1;
constexpr uint8_t kHasNewImage = 1;
constexpr uint8_t kHasOldImage = 2;
constexpr uint8_t kByService = 4;
constexpr uint8_t kHasRequestId = 8;

constexpr std::array<std::string_view, 3> kEventNames = {"INSERT", "MODIFY", "REMOVE"};

size_t image_size_bytes(ByteView image) {
  auto size = encoded_item_size_bytes(image);
  MILLRACE_CHECK(size.has_value());
  return *size;
}

Status write_image(json::Writer& writer, std::string_view name, ByteView image) {
  writer.key(name);
  return json::write_encoded_item(writer, image);
}

}  // namespace

size_t size_bytes(const ChangeRecord& record) {
  size_t total = image_size_bytes(record.keys);
  if (record.new_image) total += image_size_bytes(*record.new_image);
  if (record.old_image) total += image_size_bytes(*record.old_image);
  return total;
}

Bytes encode_change_record(const ChangeRecord& record) {
  Bytes out;
  out.reserve(32 + record.request_id.size() + record.keys.size() +
              record.new_image.value_or("").size() + record.old_image.value_or("").size());
  out.push_back(static_cast<char>(kFormatVersion));
  out.push_back(static_cast<char>(record.event_name));
  out.push_back(static_cast<char>(
      (record.new_image ? kHasNewImage : 0) | (record.old_image ? kHasOldImage : 0) |
      (record.by_service ? kByService : 0) | (record.request_id.empty() ? 0 : kHasRequestId)));
  append_u64(out, static_cast<uint64_t>(record.created_milliseconds));
  append_sized(out, record.keys);
  if (record.new_image) append_sized(out, *record.new_image);
  if (record.old_image) append_sized(out, *record.old_image);
  if (!record.request_id.empty()) append_sized(out, record.request_id);
  return out;
}

std::optional<ChangeRecord> decode_change_record(ByteView bytes) {
  ByteReader reader(bytes);
  auto version = reader.read_u8();
  auto event_name = reader.read_u8();
  auto flags = reader.read_u8();
  auto created = reader.read_u64();
  auto keys = reader.read_sized();
  if (version != kFormatVersion || !event_name || *event_name >= kEventNames.size() || !flags ||
      !created || !keys || !encoded_item_size_bytes(*keys)) {
    return std::nullopt;
  }
  ChangeRecord record{static_cast<EventName>(*event_name),
                      (*flags & kByService) != 0,
                      static_cast<int64_t>(*created),
                      *keys,
                      std::nullopt,
                      std::nullopt,
                      {}};
  for (auto [flag, image] :
       {std::pair(kHasNewImage, &record.new_image), std::pair(kHasOldImage, &record.old_image)}) {
    if ((*flags & flag) == 0) continue;
    *image = reader.read_sized();
    if (!*image || !encoded_item_size_bytes(**image)) return std::nullopt;
  }
  if ((*flags & kHasRequestId) != 0) {
    const auto request_id = reader.read_sized();
    if (!request_id) return std::nullopt;
    record.request_id = *request_id;
  }
  if (!reader.empty()) return std::nullopt;
  return record;
}

std::string event_id(const RecordPlace& place) {
  Bytes identity = place.stream.table_id + place.stream.label;
  append_u64(identity, place.shard.partition);
  append_u64(identity, place.position);
  const XXH128_hash_t hash = XXH3_128bits(identity.data(), identity.size());
  std::string id;
  id.reserve(32);
  for (const uint64_t half : {hash.high64, hash.low64}) {
    for (int shift = 60; shift >= 0; shift -= 4)
      id.push_back("0123456789abcdef"[half >> shift & 15]);
  }
  return id;
}

Status write_record(json::Writer& writer, const ChangeRecord& record, const RecordPlace& place,
                    std::string_view region, const RecordForm& form) {
  writer.begin_object();
  writer.member("eventID", event_id(place));
  writer.member("eventName", kEventNames.at(static_cast<size_t>(record.event_name)));
  writer.member("eventVersion", "1.1");
  writer.member("eventSource", "aws:dynamodb");
  writer.member("awsRegion", region);
  writer.key("dynamodb");
  writer.begin_object();
  writer.member("ApproximateCreationDateTime", record.created_milliseconds / 1000);
  TRY(write_image(writer, "Keys", record.keys));
  if (record.new_image) TRY(write_image(writer, "NewImage", *record.new_image));
  if (record.old_image) TRY(write_image(writer, "OldImage", *record.old_image));
  writer.member("SequenceNumber", format_sequence_number(place.position));
  writer.member("SizeBytes", static_cast<int64_t>(size_bytes(record)));
  writer.member("StreamViewType", catalog::stream_view_type_name(place.stream.view_type));
  writer.end_object();
  if (record.by_service) {
    writer.key("userIdentity");
    writer.begin_object();
    // Streams and Lambda spell it differently.
    const bool is_event = !form.event_source_arn.empty();
    writer.member(is_event ? "principalId" : "PrincipalId", "dynamodb.amazonaws.com");
    writer.member(is_event ? "type" : "Type", "Service");
    writer.end_object();
  }
  if (!form.event_source_arn.empty()) writer.member("eventSourceARN", form.event_source_arn);
  if (form.request_id && !record.request_id.empty()) {
    writer.member("requestID", record.request_id);
  }
  writer.end_object();
  return Done{};
}

}  // namespace millrace::streams
