// SHA-256 and HMAC-SHA256 by OpenSSL, whose algorithms are looked up once.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_mac_ctx_st;

namespace millrace::auth {

using Sha256Digest = std::array<uint8_t, 32>;

[[nodiscard]] Sha256Digest sha256(std::string_view data);

// A key, ready to be used many times. Movable, for one thread at a time.
class HmacSha256 {
 public:
  explicit HmacSha256(std::string_view key);

  [[nodiscard]] Sha256Digest digest(std::string_view data);

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const;
  };
  std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

[[nodiscard]] inline std::string_view as_text(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
// Lower case, two digits a byte.
void append_hex(std::string& out, const Sha256Digest& digest);

}  // namespace millrace::auth
