#include "streams/shard_iterator.h"

#include "auth/token_signature.h"
#include "json/base64.h"

namespace millrace::streams {
namespace {

constexpr std::string_view kVersion = "|1|";
constexpr size_t kFieldBytes = 40;

Bytes signed_message(std::string_view stream_arn, ByteView payload) {
  Bytes message;
  append_sized(message, stream_arn);
  message += payload;
  return message;
}

}  // namespace

std::string write_shard_iterator(const ShardIterator& iterator, ByteView secret) {
  Bytes payload;
  append_u64(payload, iterator.partition);
  append_u64(payload, iterator.shard_first);
  append_u64(payload, iterator.position);
  append_u64(payload, static_cast<uint64_t>(iterator.issued_milliseconds));
  append_u64(payload, iterator.reader);
  payload += auth::sign_token(signed_message(iterator.stream_arn, payload), secret);
  return iterator.stream_arn + std::string(kVersion) + json::base64_encode(payload);
}

std::optional<ShardIterator> read_shard_iterator(std::string_view token, ByteView secret) {
  const size_t bar = token.find('|');
  if (bar == std::string_view::npos || token.substr(bar, kVersion.size()) != kVersion) {
    return std::nullopt;
  }
  auto payload = json::base64_decode(token.substr(bar + kVersion.size()));
  if (!payload || payload->size() != kFieldBytes + auth::kTokenSignatureBytes) return std::nullopt;
  const Bytes given = payload->substr(kFieldBytes);
  payload->resize(kFieldBytes);
  const std::string_view stream_arn = token.substr(0, bar);
  if (!auth::is_signed(signed_message(stream_arn, *payload), given, secret)) return std::nullopt;

  ByteReader reader(*payload);
  ShardIterator iterator;
  iterator.stream_arn = stream_arn;
  iterator.partition = reader.read_u64().value();
  iterator.shard_first = reader.read_u64().value();
  iterator.position = reader.read_u64().value();
  iterator.issued_milliseconds = static_cast<int64_t>(reader.read_u64().value());
  iterator.reader = reader.read_u64().value();
  return iterator;
}

}  // namespace millrace::streams
