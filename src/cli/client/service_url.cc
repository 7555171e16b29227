#include "cli/client/service_url.h"

#include <charconv>
#include <optional>

namespace millrace::cli {

namespace {

constexpr std::string_view kPlainScheme = "http://";
constexpr std::string_view kTlsScheme = "https://";
constexpr uint16_t kPlainPort = 80;
constexpr uint16_t kTlsPort = 443;

std::optional<uint16_t> read_port(std::string_view text) {
  uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, port);
  if (problem != std::errc() || stopped != end || port == 0) return std::nullopt;
  return port;
}

}  // namespace

Result<ServiceUrl> parse_service_url(std::string_view url) {
  auto refuse = [&](std::string_view why) {
    return Error{ErrorCode::kInvalidConfiguration,
                 "endpoint '" + std::string(url) + "' " + std::string(why)};
  };
  const bool tls = url.starts_with(kTlsScheme);
  if (!tls && !url.starts_with(kPlainScheme)) {
    return refuse("does not begin with http:// or https://");
  }
  std::string_view authority = url.substr(tls ? kTlsScheme.size() : kPlainScheme.size());
  if (authority.ends_with('/')) authority.remove_suffix(1);
  if (authority.find_first_of("/?#@ \r\n") != std::string_view::npos) {
    return refuse("has more than a host and a port");
  }

  ServiceUrl parsed{.host = {},
                    .port = tls ? kTlsPort : kPlainPort,
                    .authority = std::string(authority),
                    .tls = tls};
  std::string_view host = authority;
  const size_t colon = authority.rfind(':');
  const bool is_in_brackets = authority.ends_with(']');
  if (colon != std::string_view::npos && !is_in_brackets) {
    const auto port = read_port(authority.substr(colon + 1));
    if (!port) return refuse("has no valid port");
    parsed.port = *port;
    host = authority.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty()) return refuse("has no host");
  parsed.host = host;
  return parsed;
}

}  // namespace millrace::cli
