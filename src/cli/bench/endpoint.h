#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::cli::bench {

struct Endpoint {
  std::string address;  // numeric, always loopback
  uint16_t port;
  std::string host;  // value of the header Host
};

// Reads "http://127.0.0.1:8000", without a path. Only loopback is allowed, so that nobody's service
// gets a load test by a slip. InvalidConfiguration otherwise.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view url);

}  // namespace millrace::cli::bench
