// Encrypts what only the server may read, with a key that is in a file of its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace millrace::iam {

// AES-256-GCM. Thread-safe.
class SecretBox {
 public:
  // Reads the key file, or makes it, readable by its owner alone. InvalidConfiguration when it
  // cannot be read, can be read by others, or is no key.
  static Result<SecretBox> open(const std::string& path, Random& secrets);
  // Of a server that keeps nothing.
  static SecretBox with_new_key(Random& secrets);

  // `purpose` is authenticated with the text: what was sealed for one purpose does not open for
  // another. A new nonce each time, from the operating system.
  [[nodiscard]] Bytes seal(std::string_view text, std::string_view purpose) const;
  // nullopt: not sealed with this key and for this purpose.
  [[nodiscard]] std::optional<std::string> open_sealed(std::string_view sealed,
                                                       std::string_view purpose) const;

 private:
  using Key = std::array<uint8_t, 32>;
  explicit SecretBox(const Key& key) : key_(key) {}

  Key key_;
};

}  // namespace millrace::iam
