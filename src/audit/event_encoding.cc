#include "audit/event_encoding.h"

#include <algorithm>
#include <functional>
#include <span>
#include <string_view>

#define XXH_INLINE_ALL
#include <lz4.h>
#include <xxhash.h>

#include "base/check.h"

namespace millrace::audit {
namespace {

constexpr char kPlainVersion = 1;
constexpr char kCompressedVersion = 2;
// Below it is hardly worth it: so are blocks of one event.
constexpr size_t kCompressedBytesMin = 4 * 1024;
constexpr size_t kDecompressedBytesMax = 64 * 1024 * 1024;
constexpr size_t kChecksumBytes = 8;

// Texts by number, from 1. New ones go to the end.
constexpr std::string_view kEventSources[] = {"dynamodb.amazonaws.com", "lambda.amazonaws.com",
                                              "logs.amazonaws.com", "cloudtrail.amazonaws.com"};
constexpr std::string_view kApiVersions[] = {"2012-08-10", "2015-03-31", "20140328", "2013-11-01"};
constexpr std::string_view kEventNames[] = {"GetItem",
                                            "PutItem",
                                            "UpdateItem",
                                            "DeleteItem",
                                            "Query",
                                            "Scan",
                                            "BatchGetItem",
                                            "BatchWriteItem",
                                            "TransactGetItems",
                                            "TransactWriteItems",
                                            "GetRecords",
                                            "GetShardIterator",
                                            "ExecuteStatement",
                                            "ExecuteTransaction",
                                            "BatchExecuteStatement"};
constexpr std::string_view kResourceTypes[] = {"AWS::DynamoDB::Table", "AWS::DynamoDB::Stream"};

enum Flag : uint64_t {
  kIsData = 1 << 0,
  kIsReadOnly = 1 << 1,
  kHasTls = 1 << 2,
  kHasResponseElements = 1 << 3,
  kHasAdditionalEventData = 1 << 4,
  kHasServiceEventDetails = 1 << 5,
  kHasError = 1 << 6,
  kHasIdentity = 1 << 7,  // more than an access key id
};
constexpr uint64_t kAllFlags = (1 << 8) - 1;

uint64_t flags_of(const Event& event) {
  const auto flag = [](bool set, Flag value) { return set ? uint64_t{value} : 0; };
  const Connection& connection = event.connection;
  return flag(event.category == Category::kData, kIsData) | flag(event.read_only, kIsReadOnly) |
         flag(!connection.tls_version.empty() || !connection.cipher_suite.empty(), kHasTls) |
         flag(!event.response_elements_json.empty(), kHasResponseElements) |
         flag(!event.additional_event_data_json.empty(), kHasAdditionalEventData) |
         flag(!event.service_event_details_json.empty(), kHasServiceEventDetails) |
         flag(!event.error_code.empty() || !event.error_message.empty(), kHasError) |
         flag(event.identity.type != IdentityType::kClaimed, kHasIdentity);
}

// The text's number, or 0 and the text.
void append_known(Bytes& out, std::span<const std::string_view> known, std::string_view text) {
  const auto found = std::ranges::find(known, text);
  if (found != known.end())
    return append_varint(out, static_cast<uint64_t>(found - known.begin()) + 1);
  append_varint(out, 0);
  append_sized(out, text);
}

bool read_text(ByteReader& in, std::string& text) {
  const auto bytes = in.read_sized();
  if (bytes) text = *bytes;
  return bytes.has_value();
}

bool read_known(ByteReader& in, std::span<const std::string_view> known, std::string& text) {
  const auto number = in.read_varint();
  if (!number || *number > known.size()) return false;
  if (*number == 0) return read_text(in, text);
  text = known[*number - 1];
  return true;
}

bool read_resources(ByteReader& in, std::vector<Resource>& resources) {
  const auto count = in.read_varint();
  // Every one takes bytes, so that a wrong count ends soon.
  for (uint64_t i = 0; count && i < *count; ++i) {
    Resource resource;
    if (!read_known(in, kResourceTypes, resource.type) || !read_text(in, resource.arn)) {
      return false;
    }
    resources.push_back(std::move(resource));
  }
  return count.has_value();
}

bool read_sinks(ByteReader& in, std::vector<SinkId>& sinks) {
  const auto count = in.read_varint();
  for (uint64_t i = 0; count && i < *count; ++i) {
    const auto sink = in.read_varint();
    if (!sink) return false;
    sinks.push_back(*sink);
  }
  return count.has_value();
}

void append_identity(Bytes& out, const Identity& identity) {
  append_varint(out, static_cast<uint64_t>(identity.type));
  for (const std::string& text :
       {std::cref(identity.principal_id), std::cref(identity.arn), std::cref(identity.account_id),
        std::cref(identity.user_name), std::cref(identity.issuer_arn),
        std::cref(identity.issuer_id), std::cref(identity.issuer_name)}) {
    append_sized(out, text);
  }
  append_varint(out, static_cast<uint64_t>(identity.session_began_seconds));
}

bool read_identity(ByteReader& in, Identity& identity) {
  const auto type = in.read_varint();
  if (!type || *type == 0 || *type > static_cast<uint64_t>(IdentityType::kService)) return false;
  identity.type = static_cast<IdentityType>(*type);
  if (!read_text(in, identity.principal_id) || !read_text(in, identity.arn) ||
      !read_text(in, identity.account_id) || !read_text(in, identity.user_name) ||
      !read_text(in, identity.issuer_arn) || !read_text(in, identity.issuer_id) ||
      !read_text(in, identity.issuer_name)) {
    return false;
  }
  const auto began = in.read_varint();
  if (began) identity.session_began_seconds = static_cast<int64_t>(*began);
  return began.has_value();
}

bool read_optional_texts(ByteReader& in, uint64_t flags, Event& event) {
  const auto absent = [flags](Flag flag) { return (flags & flag) == 0; };
  return (absent(kHasIdentity) || read_identity(in, event.identity)) &&
         (absent(kHasTls) || (read_text(in, event.connection.tls_version) &&
                              read_text(in, event.connection.cipher_suite))) &&
         (absent(kHasResponseElements) || read_text(in, event.response_elements_json)) &&
         (absent(kHasAdditionalEventData) || read_text(in, event.additional_event_data_json)) &&
         (absent(kHasServiceEventDetails) || read_text(in, event.service_event_details_json)) &&
         (absent(kHasError) ||
          (read_text(in, event.error_code) && read_text(in, event.error_message)));
}

bool read_event(ByteReader& in, Event& event) {
  const auto flags = in.read_varint();
  if (!flags || (*flags & ~kAllFlags) != 0) return false;
  event.category = (*flags & kIsData) != 0 ? Category::kData : Category::kManagement;
  event.read_only = (*flags & kIsReadOnly) != 0;
  const auto time = in.read_u64();
  if (!time) return false;
  event.time_milliseconds = static_cast<int64_t>(*time);
  return read_known(in, kEventSources, event.event_source) &&
         read_known(in, kEventNames, event.event_name) &&
         read_known(in, kApiVersions, event.api_version) && read_text(in, event.event_id) &&
         read_text(in, event.request_id) && read_text(in, event.identity.access_key_id) &&
         read_text(in, event.connection.source_address) &&
         read_text(in, event.connection.user_agent) && read_text(in, event.connection.host) &&
         read_text(in, event.request_parameters_json) && read_optional_texts(in, *flags, event) &&
         read_resources(in, event.resources) && read_sinks(in, event.sinks);
}

// False when they are too large for that.
bool append_compressed(Bytes& block, ByteView events) {
  if (events.size() > kDecompressedBytesMax) return false;
  const int size = static_cast<int>(events.size());
  block.assign(1, kCompressedVersion);
  append_varint(block, events.size());
  const size_t head = block.size();
  block.resize(head + static_cast<size_t>(LZ4_compressBound(size)));
  const int compressed = LZ4_compress_default(events.data(), block.data() + head, size,
                                              static_cast<int>(block.size() - head));
  MILLRACE_CHECK(compressed > 0);
  block.resize(head + static_cast<size_t>(compressed));
  return true;
}

bool decompress(Bytes& out, ByteView body) {
  ByteReader in(body);
  const auto size = in.read_varint();
  if (!size || *size > kDecompressedBytesMax) return false;
  out.resize(*size);
  return LZ4_decompress_safe(in.rest().data(), out.data(), static_cast<int>(in.rest().size()),
                             static_cast<int>(*size)) == static_cast<int>(*size);
}

}  // namespace

void append_encoded_event(Bytes& out, const Event& event) {
  const uint64_t flags = flags_of(event);
  append_varint(out, flags);
  append_u64(out, static_cast<uint64_t>(event.time_milliseconds));
  append_known(out, kEventSources, event.event_source);
  append_known(out, kEventNames, event.event_name);
  append_known(out, kApiVersions, event.api_version);
  append_sized(out, event.event_id);
  append_sized(out, event.request_id);
  append_sized(out, event.identity.access_key_id);
  append_sized(out, event.connection.source_address);
  append_sized(out, event.connection.user_agent);
  append_sized(out, event.connection.host);
  append_sized(out, event.request_parameters_json);
  if ((flags & kHasIdentity) != 0) append_identity(out, event.identity);
  if ((flags & kHasTls) != 0) {
    append_sized(out, event.connection.tls_version);
    append_sized(out, event.connection.cipher_suite);
  }
  if ((flags & kHasResponseElements) != 0) append_sized(out, event.response_elements_json);
  if ((flags & kHasAdditionalEventData) != 0) append_sized(out, event.additional_event_data_json);
  if ((flags & kHasServiceEventDetails) != 0) append_sized(out, event.service_event_details_json);
  if ((flags & kHasError) != 0) {
    append_sized(out, event.error_code);
    append_sized(out, event.error_message);
  }
  append_varint(out, event.resources.size());
  for (const Resource& resource : event.resources) {
    append_known(out, kResourceTypes, resource.type);
    append_sized(out, resource.arn);
  }
  append_varint(out, event.sinks.size());
  for (const SinkId sink : event.sinks) append_varint(out, sink);
}

Bytes encode_block(ByteView events) {
  Bytes block;
  if (events.size() < kCompressedBytesMin || !append_compressed(block, events)) {
    block.reserve(1 + events.size() + kChecksumBytes);
    block.assign(1, kPlainVersion);
    block += events;
  }
  append_u64(block, XXH3_64bits(block.data(), block.size()));
  return block;
}

bool decode_block(ByteView block, const std::function<bool(const Event&)>& visit) {
  if (block.size() < 1 + kChecksumBytes ||
      (block.front() != kPlainVersion && block.front() != kCompressedVersion)) {
    return false;
  }
  ByteReader checksum(block.substr(block.size() - kChecksumBytes));
  block.remove_suffix(kChecksumBytes);
  if (checksum.read_u64() != XXH3_64bits(block.data(), block.size())) return false;
  Bytes decompressed;
  ByteView encoded = block.substr(1);
  if (block.front() == kCompressedVersion) {
    if (!decompress(decompressed, encoded)) return false;
    encoded = decompressed;
  }
  // All before any is visited: a block that is wrong in spite of its checksum counts as damaged.
  std::vector<Event> events;
  for (ByteReader in(encoded); !in.empty();) {
    if (!read_event(in, events.emplace_back())) return false;
  }
  for (const Event& event : events) {
    if (!visit(event)) break;
  }
  return true;
}

}  // namespace millrace::audit
