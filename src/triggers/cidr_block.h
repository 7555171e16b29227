// A range of IP addresses: "10.0.0.0/8", "2001:db8::/32".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace millrace::triggers {

class CidrBlock {
 public:
  static std::optional<CidrBlock> parse(std::string_view text);
  // False for what is no address, or one of the other family.
  [[nodiscard]] bool contains(std::string_view address) const;

 private:
  struct Address {
    std::array<uint8_t, 16> bytes = {};
    size_t size = 0;  // 4 or 16
  };
  static std::optional<Address> parse_address(std::string_view text);

  Address address_;
  size_t prefix_bits_ = 0;
};

}  // namespace millrace::triggers
