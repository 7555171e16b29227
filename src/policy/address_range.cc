#include "policy/address_range.h"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

namespace millrace::policy {
namespace {

constexpr size_t kTextMax = 64;  // the longest address has 45 characters
constexpr std::array<uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int kMappedPrefixBits = 96;

bool is_mapped(const AddressRange& range) {
  return range.prefix_bits >= kMappedPrefixBits &&
         std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), range.bytes.begin());
}

AddressRange unmapped(const AddressRange& mapped) {
  AddressRange range;
  range.prefix_bits = mapped.prefix_bits - kMappedPrefixBits;
  std::copy(mapped.bytes.begin() + kMappedPrefix.size(), mapped.bytes.end(), range.bytes.begin());
  return range;
}

}  // namespace

bool AddressRange::contains(const AddressRange& address) const {
  if (is_version_6 != address.is_version_6 || prefix_bits > address.prefix_bits) return false;
  const auto whole = static_cast<size_t>(prefix_bits) / 8;
  const unsigned rest = static_cast<unsigned>(prefix_bits) % 8;
  if (!std::equal(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(whole),
                  address.bytes.begin())) {
    return false;
  }
  if (rest == 0) return true;
  const unsigned difference = static_cast<unsigned>(bytes[whole]) ^ address.bytes[whole];
  return difference >> (8U - rest) == 0;
}

std::optional<AddressRange> parse_address_range(std::string_view text) {
  if (text.size() > kTextMax) return std::nullopt;
  const size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  AddressRange range;
  range.is_version_6 = address.find(':') != std::string::npos;
  const int family = range.is_version_6 ? AF_INET6 : AF_INET;
  if (inet_pton(family, address.c_str(), range.bytes.data()) != 1) return std::nullopt;
  const int bits_max = range.is_version_6 ? 128 : 32;
  range.prefix_bits = bits_max;
  if (slash != std::string_view::npos) {
    const std::string_view bits = text.substr(slash + 1);
    const auto [end, error] =
        std::from_chars(bits.data(), bits.data() + bits.size(), range.prefix_bits);
    if (error != std::errc() || end != bits.data() + bits.size() || range.prefix_bits < 0 ||
        range.prefix_bits > bits_max) {
      return std::nullopt;
    }
  }
  return is_mapped(range) && range.is_version_6 ? unmapped(range) : range;
}

}  // namespace millrace::policy
