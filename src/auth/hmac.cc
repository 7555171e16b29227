#include "auth/hmac.h"

#include <string>

namespace millrace::auth {
namespace {

constexpr size_t kBlockBytes = 64;  // of SHA-256

// RFC 2104's: the key, filled up to a block and masked, and then the text.
std::string keyed(std::string_view key, char mask, std::string_view text) {
  std::string out;
  out.reserve(kBlockBytes + text.size());
  out = key;
  out.resize(kBlockBytes);
  for (char& c : out) c = static_cast<char>(c ^ mask);
  return out.append(text);
}

}  // namespace

Sha256Digest hmac_sha256(std::string_view key, std::string_view message) {
  if (key.size() > kBlockBytes) return hmac_sha256(as_text(sha256(key)), message);
  const Sha256Digest inner = sha256(keyed(key, 0x36, message));
  return sha256(keyed(key, 0x5c, as_text(inner)));
}

}  // namespace millrace::auth
