#include "app/config.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>

#include <arpa/inet.h>
#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "app/server_options.h"

namespace millrace::app {
namespace {

Error invalid(std::string message) {
  return {ErrorCode::kInvalidConfiguration, std::move(message)};
}

// Sets one option from a TOML value.
using SetOption = std::function<Status(Config&, const toml::node&)>;

SetOption string_option(std::function<Status(Config&, const std::string&)> set) {
  return [set = std::move(set)](Config& config, const toml::node& node) -> Status {
    if (!node.is_string()) return invalid("takes a string");
    return set(config, node.value<std::string>().value());
  };
}

SetOption text_option(std::function<std::string&(Config&)> field) {
  return string_option(
      [field = std::move(field)](Config& config, const std::string& text) -> Status {
        field(config) = text;
        return Done{};
      });
}

SetOption boolean_option(bool& (*field)(Config&)) {
  return [field](Config& config, const toml::node& node) -> Status {
    if (!node.is_boolean()) return invalid("takes true or false");
    field(config) = node.value<bool>().value();
    return Done{};
  };
}

SetOption integer_option(int64_t minimum, int64_t maximum,
                         std::function<void(Config&, int64_t)> set) {
  return
      [minimum, maximum, set = std::move(set)](Config& config, const toml::node& node) -> Status {
        auto value = node.value<int64_t>();
        if (!node.is_integer() || *value < minimum || *value > maximum) {
          return invalid(fmt::format("takes an integer from {} to {}", minimum, maximum));
        }
        set(config, *value);
        return Done{};
      };
}

SetOption server_option(const ServerOption& option) {
  if (option.text != nullptr) {
    return string_option([&option](Config& config, const std::string& text) {
      return set_option(config, option, text);
    });
  }
  return [&option](Config& config, const toml::node& node) -> Status {
    return set_option(config, option,
                      node.is_integer() ? node.value<int64_t>().value() : option.minimum - 1);
  };
}

constexpr int64_t kMebibyte = 1024 * 1024;
constexpr int64_t kSecondsMax = 24 * 60 * 60;

// Every option of the file, by its path.
std::map<std::string, SetOption> make_options() {
  std::map<std::string, SetOption> rows = {
      {"listen", string_option(set_listen)},
      {"data", text_option([](Config& c) -> std::string& { return c.data_directory; })},
      {"memory", boolean_option([](Config& c) -> bool& { return c.memory; })},
      {"durability", string_option(set_durability)},
      {"account_id", text_option([](Config& c) -> std::string& { return c.site.account_id; })},
      {"region", text_option([](Config& c) -> std::string& { return c.site.region; })},
      {"tls.require_client_certificate",
       boolean_option([](Config& c) -> bool& { return c.http.tls.require_client_certificate; })},
      {"tls.client_principals",
       boolean_option([](Config& c) -> bool& { return c.tls_client_principals; })},
      {"functions.control_groups",
       boolean_option([](Config& c) -> bool& { return c.functions.control_groups; })},
      {"destinations.access_key_id",
       text_option([](Config& c) -> std::string& { return c.destinations.access_key_id; })},
      {"destinations.secret_access_key",
       text_option([](Config& c) -> std::string& { return c.destinations.secret_access_key; })},
      {"log.level", text_option([](Config& c) -> std::string& { return c.log_level; })},
      {"http.threads",
       integer_option(0, 1024,
                      [](Config& c, int64_t v) { c.http.threads = static_cast<size_t>(v); })},
      {"http.connections_max", integer_option(1, 1'000'000,
                                              [](Config& c, int64_t v) {
                                                c.http.connections_max = static_cast<size_t>(v);
                                              })},
      {"http.body_mebibytes_total_max", integer_option(16, 1'000'000,
                                                       [](Config& c, int64_t v) {
                                                         c.http.body_bytes_total_max =
                                                             static_cast<size_t>(v * kMebibyte);
                                                       })},
      {"http.request_timeout_seconds", integer_option(1, kSecondsMax,
                                                      [](Config& c, int64_t v) {
                                                        c.http.request_timeout =
                                                            std::chrono::seconds(v);
                                                      })},
      {"http.idle_timeout_seconds",
       integer_option(1, kSecondsMax,
                      [](Config& c, int64_t v) { c.http.idle_timeout = std::chrono::seconds(v); })},
      {"http.write_timeout_seconds", integer_option(1, kSecondsMax,
                                                    [](Config& c, int64_t v) {
                                                      c.http.write_timeout =
                                                          std::chrono::seconds(v);
                                                    })},
      {"limits.throttle", boolean_option([](Config& c) -> bool& { return c.throttle; })},
      {"auth.enforce", boolean_option([](Config& c) -> bool& { return c.auth.enforce; })},
      {"auth.allow_open_network",
       boolean_option([](Config& c) -> bool& { return c.auth.allow_open_network; })},
      {"auth.open_metrics", boolean_option([](Config& c) -> bool& { return c.auth.open_metrics; })},
      {"ttl.sweep_seconds", integer_option(1, kSecondsMax,
                                           [](Config& c, int64_t v) {
                                             c.background.expiry_sweep_milliseconds = v * 1000;
                                           })},
      {"rocksdb.block_cache_mebibytes", integer_option(0, 1'000'000,
                                                       [](Config& c, int64_t v) {
                                                         c.block_cache_bytes =
                                                             static_cast<size_t>(v * kMebibyte);
                                                       })},
      {"rocksdb.write_buffer_mebibytes", integer_option(1, 4096,
                                                        [](Config& c, int64_t v) {
                                                          c.write_buffer_bytes =
                                                              static_cast<size_t>(v * kMebibyte);
                                                        })},
  };
  for (const ServerOption& option : server_options()) {
    rows.emplace(fmt::format("{}.{}", option.section, option.name), server_option(option));
  }
  return rows;
}

const std::map<std::string, SetOption>& options() {
  static const std::map<std::string, SetOption> rows = make_options();
  return rows;
}

Status apply(const toml::table& table, const std::string& prefix, Config& config) {
  for (const auto& [key, node] : table) {
    const std::string path = prefix + std::string(key.str());
    if (const toml::table* section = node.as_table()) {
      TRY(apply(*section, path + ".", config));
      continue;
    }
    const auto line = node.source().begin.line;
    auto option = options().find(path);
    if (option == options().end()) {
      return invalid(fmt::format("line {}: unknown option '{}'", line, path));
    }
    auto applied = option->second(config, node);
    if (!applied.ok()) {
      return invalid(fmt::format("line {}: option '{}': {}", line, path, applied.error().message));
    }
  }
  return Done{};
}

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

Status check_tls(const Config& config) {
  const http::TlsOptions& tls = config.http.tls;
  if (tls.enabled()) {
    if (config.tls_client_principals && tls.client_ca_file.empty()) {
      return invalid("tls.client_principals needs tls.client_ca");
    }
    return Done{};
  }
  if (tls.key_file.empty() && tls.client_ca_file.empty() && !tls.require_client_certificate &&
      config.tls_ca_file.empty() && !config.tls_client_principals) {
    return Done{};
  }
  return invalid("the options of TLS need tls.certificate");
}

bool is_digits(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_region(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

Status set_listen(Config& config, const std::string& address) {
  const size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  uint16_t port = 0;
  const char* end = address.data() + address.size();
  const auto parsed = colon == std::string::npos
                          ? std::from_chars_result{address.data(), std::errc::invalid_argument}
                          : std::from_chars(address.data() + colon + 1, end, port);
  if (host.empty() || parsed.ec != std::errc() || parsed.ptr != end) {
    return invalid(fmt::format("'{}' is not HOST:PORT", address));
  }
  config.http.host = host;
  config.http.port = port;
  return Done{};
}

Status set_durability(Config& config, const std::string& text) {
  if (text != "commit" && text != "os") {
    return invalid(fmt::format("'{}' is not one of commit, os", text));
  }
  config.durability = text == "commit" ? engine::Durability::kCommit : engine::Durability::kOs;
  return Done{};
}

Status read_config_file(const std::string& path, Config& config) {
  auto parsed = toml::parse_file(path);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return invalid(fmt::format("{}: line {}: {}", path, error.source().begin.line,
                               std::string(error.description())));
  }
  auto applied = apply(parsed.table(), "", config);
  if (!applied.ok()) return invalid(path + ": " + applied.error().message);
  return Done{};
}

Status check_config(const Config& config) {
  if (!config.auth.enforce && !config.auth.allow_open_network && !is_loopback(config.http.host)) {
    return invalid(fmt::format(
        "will not listen on {}: anybody who reaches it may do anything. Turn access control on "
        "(--auth), listen on a loopback address (127.0.0.1, ::1, localhost), or allow it "
        "(allow_open_network = true in [auth])",
        config.http.host));
  }
  TRY(check_tls(config));
  if (config.site.account_id.size() != 12 || !is_digits(config.site.account_id)) {
    return invalid(fmt::format("account_id '{}' is not 12 digits", config.site.account_id));
  }
  if (!is_region(config.site.region)) {
    return invalid(fmt::format("region '{}' is not a region's name", config.site.region));
  }
  return Done{};
}

}  // namespace millrace::app
