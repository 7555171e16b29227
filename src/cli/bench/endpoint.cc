#include "cli/bench/endpoint.h"

#include <charconv>

#include <boost/asio/ip/address.hpp>

namespace millrace::cli::bench {

namespace {

constexpr std::string_view kScheme = "http://";

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view url) {
  auto refuse = [&](std::string_view why) {
    return Error{ErrorCode::kInvalidConfiguration,
                 "endpoint '" + std::string(url) + "' " + std::string(why)};
  };
  if (!url.starts_with(kScheme)) return refuse("does not begin with http://");
  std::string_view authority = url.substr(kScheme.size());
  if (authority.ends_with('/')) authority.remove_suffix(1);

  size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos) return refuse("has no port");
  std::string_view port_text = authority.substr(colon + 1);
  uint16_t port = 0;
  auto [end, problem] =
      std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  if (problem != std::errc() || end != port_text.data() + port_text.size() || port == 0) {
    return refuse("has no valid port");
  }

  std::string_view name = authority.substr(0, colon);
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  if (name == "localhost") name = "127.0.0.1";
  boost::system::error_code not_an_address;
  auto address = boost::asio::ip::make_address(std::string(name), not_an_address);
  if (not_an_address || !address.is_loopback()) return refuse("is not a loopback address");
  return Endpoint{address.to_string(), port, std::string(authority)};
}

}  // namespace millrace::cli::bench
