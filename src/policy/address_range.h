// IP addresses and ranges of them (RFC 4632 and RFC 4291, "CIDR").
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::policy {

struct AddressRange {
  bool is_version_6 = false;
  int prefix_bits = 0;
  std::array<uint8_t, 16> bytes{};  // an IPv4 address has the first four

  [[nodiscard]] bool contains(const AddressRange& address) const;
};

// "203.0.113.0/24", "2001:db8::/32", or an address, which is a range of one. An IPv4 address that
// is mapped into IPv6 is an IPv4 address. nullopt for anything else.
[[nodiscard]] std::optional<AddressRange> parse_address_range(std::string_view text);

}  // namespace millrace::policy
