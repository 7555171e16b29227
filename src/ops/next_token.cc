#include "ops/next_token.h"

#include <array>

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include "base/check.h"
#include "json/base64.h"
#include "model/item_encoding.h"

namespace millrace::ops {
namespace {

constexpr std::string_view kPurpose = "partiql-next-token-1";
constexpr size_t kSignatureBytes = 16;

Bytes signature(ByteView request, ByteView payload, ByteView secret) {
  Bytes message;
  append_sized(message, kPurpose);
  append_sized(message, request);
  message += payload;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  MILLRACE_CHECK(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes,
                      message.size(), digest.data(), &size) != nullptr);
  MILLRACE_CHECK(size >= kSignatureBytes);
  return {reinterpret_cast<const char*>(digest.data()), kSignatureBytes};
}

Error no_match() {
  return validation_error("NextToken does not match request");
}

}  // namespace

std::string write_next_token(ByteView request, const Item& last_key, ByteView secret) {
  const Bytes payload = encode_item(last_key);
  return json::base64_encode(signature(request, payload, secret) + payload);
}

Result<Item> read_next_token(std::string_view token, ByteView request, ByteView secret) {
  const auto decoded = json::base64_decode(token);
  if (!decoded || decoded->size() < kSignatureBytes) return no_match();
  const Bytes payload = decoded->substr(kSignatureBytes);
  const Bytes expected = signature(request, payload, secret);
  if (CRYPTO_memcmp(decoded->data(), expected.data(), kSignatureBytes) != 0) return no_match();
  auto last_key = decode_item(payload);
  if (!last_key) return no_match();
  return std::move(*last_key);
}

}  // namespace millrace::ops
