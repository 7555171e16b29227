#include "auth/digest.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/check.h"

namespace millrace::auth {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

const uint8_t* as_bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

Sha256Digest sha256(std::string_view data) {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeDigestContext> context(EVP_MD_CTX_new());
  MILLRACE_CHECK(algorithm != nullptr && context != nullptr);

  Sha256Digest digest;
  bool done = EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1 &&
              EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1 &&
              EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  MILLRACE_CHECK(done);
  return digest;
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
  std::array<char, 2 * sizeof(Sha256Digest)> text;
  for (size_t i = 0; i < digest.size(); ++i) {
    text[2 * i] = kDigits[digest[i] >> 4];
    text[2 * i + 1] = kDigits[digest[i] & 15];
  }
  out.append(text.data(), text.size());
}

}  // namespace millrace::auth
