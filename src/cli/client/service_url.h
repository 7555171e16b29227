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
  bool tls = false;       // https

  friend bool operator==(const ServiceUrl&, const ServiceUrl&) = default;
};

// Reads "http://HOST[:PORT]" or "https://HOST[:PORT]", of port 80 or 443 without one.
// InvalidConfiguration for anything else, such as a path.
[[nodiscard]] Result<ServiceUrl> parse_service_url(std::string_view url);

}  // namespace millrace::cli
