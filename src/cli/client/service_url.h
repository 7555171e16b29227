#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::cli {

struct ServiceUrl {
  std::string host;  // a name or an address, without brackets
  uint16_t port = 0;
  std::string authority;  // value of the header Host

  friend bool operator==(const ServiceUrl&, const ServiceUrl&) = default;
};

// Reads "http://HOST[:PORT]", of port 80 without one. InvalidConfiguration for anything else: a
// path, and https, which is not there yet.
[[nodiscard]] Result<ServiceUrl> parse_service_url(std::string_view url);

}  // namespace millrace::cli
