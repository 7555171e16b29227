// A digest in lower-case hexadecimal, without memory of its own.
#pragma once

#include <array>
#include <string_view>

#include "auth/digest.h"

namespace millrace::auth {

class HexText {
 public:
  explicit HexText(const Sha256Digest& digest) {
    for (size_t i = 0; i < digest.size(); ++i) {
      text_[2 * i] = kPairs[digest[i]][0];
      text_[2 * i + 1] = kPairs[digest[i]][1];
    }
  }

  [[nodiscard]] std::string_view view() const { return {text_.data(), text_.size()}; }

 private:
  static constexpr auto kPairs = [] {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::array<std::array<char, 2>, 256> pairs{};
    for (size_t byte = 0; byte < pairs.size(); ++byte) {
      pairs[byte] = {kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return pairs;
  }();

  std::array<char, 2 * sizeof(Sha256Digest)> text_;
};

}  // namespace millrace::auth
