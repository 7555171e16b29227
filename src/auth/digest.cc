#include "auth/digest.h"

#include <algorithm>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/check.h"

namespace millrace::auth {

namespace {

constexpr size_t kBlockBytes = 64;  // of SHA-256
constexpr std::string_view kDigits = "0123456789abcdef";

const uint8_t* as_bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// SHA-256 of texts that come one after the other. One at a time in a thread.
class Hashing {
 public:
  Hashing() {
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeDigestContext> context(EVP_MD_CTX_new());
    MILLRACE_CHECK(algorithm != nullptr && context != nullptr);
    context_ = context.get();
    MILLRACE_CHECK(EVP_DigestInit_ex2(context_, algorithm, nullptr) == 1);
  }

  void add(std::string_view data) {
    MILLRACE_CHECK(EVP_DigestUpdate(context_, data.data(), data.size()) == 1);
  }
  Sha256Digest finish() {
    Sha256Digest digest;
    MILLRACE_CHECK(EVP_DigestFinal_ex(context_, digest.data(), nullptr) == 1);
    return digest;
  }

 private:
  EVP_MD_CTX* context_;
};

}  // namespace

Sha256Digest sha256(std::string_view data) {
  Hashing hashing;
  hashing.add(data);
  return hashing.finish();
}

Sha256Digest hmac_sha256(std::string_view key, std::string_view data) {
  if (key.size() > kBlockBytes) return hmac_sha256(as_text(sha256(key)), data);
  std::array<char, kBlockBytes> block{};
  std::ranges::copy(key, block.begin());
  const auto padded_with = [&block](char pad) {
    std::array<char, kBlockBytes> padded;
    std::ranges::transform(block, padded.begin(),
                           [pad](char c) { return static_cast<char>(c ^ pad); });
    return padded;
  };
  const auto inner_key = padded_with(0x36);
  Hashing inner;
  inner.add({inner_key.data(), inner_key.size()});
  inner.add(data);
  const Sha256Digest inner_digest = inner.finish();

  const auto outer_key = padded_with(0x5c);
  Hashing outer;
  outer.add({outer_key.data(), outer_key.size()});
  outer.add(as_text(inner_digest));
  return outer.finish();
}

HmacSha256::HmacSha256(std::string_view key) {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  MILLRACE_CHECK(algorithm != nullptr);
  context_.reset(EVP_MAC_CTX_new(algorithm));
  MILLRACE_CHECK(context_ != nullptr);

  std::string digest_name = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name.data(), 0),
      OSSL_PARAM_construct_end()};
  // OpenSSL takes a null key for "the key of before".
  const uint8_t* key_bytes = key.empty() ? as_bytes("") : as_bytes(key);
  MILLRACE_CHECK(EVP_MAC_init(context_.get(), key_bytes, key.size(), parameters) == 1);
}

Sha256Digest HmacSha256::digest(std::string_view data) {
  Sha256Digest digest;
  size_t written = 0;
  bool done = EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1 &&
              EVP_MAC_update(context_.get(), as_bytes(data), data.size()) == 1 &&
              EVP_MAC_final(context_.get(), digest.data(), &written, digest.size()) == 1;
  MILLRACE_CHECK(done && written == digest.size());
  return digest;
}

void HmacSha256::Free::operator()(evp_mac_ctx_st* context) const {
  EVP_MAC_CTX_free(context);
}

void append_hex(std::string& out, const Sha256Digest& digest) {
  for (uint8_t byte : digest) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

}  // namespace millrace::auth
