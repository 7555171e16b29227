// SHA-256 by OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace millrace::auth {

using Sha256Digest = std::array<uint8_t, 32>;

[[nodiscard]] Sha256Digest sha256(std::string_view data);

[[nodiscard]] inline std::string_view as_text(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
// Lower case, two digits a byte.
void append_hex(std::string& out, const Sha256Digest& digest);

}  // namespace millrace::auth
