#include "triggers/cidr_block.h"

#include <algorithm>
#include <charconv>
#include <string>

#include <arpa/inet.h>

namespace millrace::triggers {

std::optional<CidrBlock::Address> CidrBlock::parse_address(std::string_view text) {
  if (text.size() > INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string terminated(text);
  Address address;
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) {
    address.size = 4;
  } else if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) {
    address.size = 16;
  } else {
    return std::nullopt;
  }
  return address;
}

std::optional<CidrBlock> CidrBlock::parse(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  CidrBlock block;
  const auto address = parse_address(text.substr(0, slash));
  const std::string_view bits = text.substr(slash + 1);
  const auto [end, error] =
      std::from_chars(bits.data(), bits.data() + bits.size(), block.prefix_bits_);
  if (!address || error != std::errc() || end != bits.data() + bits.size() ||
      block.prefix_bits_ > address->size * 8) {
    return std::nullopt;
  }
  block.address_ = *address;
  return block;
}

bool CidrBlock::contains(std::string_view address) const {
  const auto parsed = parse_address(address);
  if (!parsed || parsed->size != address_.size) return false;
  const size_t whole_bytes = prefix_bits_ / 8;
  if (!std::equal(parsed->bytes.begin(), parsed->bytes.begin() + whole_bytes,
                  address_.bytes.begin())) {
    return false;
  }
  const size_t rest_bits = prefix_bits_ % 8;
  if (rest_bits == 0) return true;
  const int difference = parsed->bytes.at(whole_bytes) ^ address_.bytes.at(whole_bytes);
  return difference >> (8 - rest_bits) == 0;
}

}  // namespace millrace::triggers
