#include "streams/shard_iterator.h"

#include <array>

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include "base/check.h"
#include "json/base64.h"

namespace millrace::streams {
namespace {

constexpr std::string_view kVersion = "|1|";
constexpr size_t kFieldBytes = 40;
constexpr size_t kSignatureBytes = 16;

Bytes signature(std::string_view stream_arn, ByteView payload, ByteView secret) {
  Bytes message;
  append_sized(message, stream_arn);
  message += payload;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  MILLRACE_CHECK(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes,
                      message.size(), digest.data(), &size) != nullptr);
  MILLRACE_CHECK(size >= kSignatureBytes);
  return {reinterpret_cast<const char*>(digest.data()), kSignatureBytes};
}

}  // namespace

std::string write_shard_iterator(const ShardIterator& iterator, ByteView secret) {
  Bytes payload;
  append_u64(payload, iterator.partition);
  append_u64(payload, iterator.shard_first);
  append_u64(payload, iterator.position);
  append_u64(payload, static_cast<uint64_t>(iterator.issued_milliseconds));
  append_u64(payload, iterator.reader);
  payload += signature(iterator.stream_arn, payload, secret);
  return iterator.stream_arn + std::string(kVersion) + json::base64_encode(payload);
}

std::optional<ShardIterator> read_shard_iterator(std::string_view token, ByteView secret) {
  const size_t bar = token.find('|');
  if (bar == std::string_view::npos || token.substr(bar, kVersion.size()) != kVersion) {
    return std::nullopt;
  }
  auto payload = json::base64_decode(token.substr(bar + kVersion.size()));
  if (!payload || payload->size() != kFieldBytes + kSignatureBytes) return std::nullopt;
  const Bytes given = payload->substr(kFieldBytes);
  payload->resize(kFieldBytes);
  const std::string_view stream_arn = token.substr(0, bar);
  const Bytes expected = signature(stream_arn, *payload, secret);
  if (CRYPTO_memcmp(given.data(), expected.data(), kSignatureBytes) != 0) return std::nullopt;

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
