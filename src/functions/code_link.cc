#include "functions/code_link.h"

#include <charconv>

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "auth/hmac.h"

namespace millrace::functions {
namespace {

constexpr std::string_view kExpires = "?Expires=";
constexpr std::string_view kSignature = "&Signature=";

std::string link_until(ByteView secret, std::string_view code_name, int64_t end_seconds) {
  std::string link = fmt::format("{}{}{}", code_name, kExpires, end_seconds);
  const auto digest = auth::HmacKey(secret).digest(link);
  link += kSignature;
  auth::append_hex(link, digest);
  return link;
}

// Takes as long wherever they differ.
bool is_same(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace

std::string code_link(ByteView secret, std::string_view code_name, int64_t now_seconds) {
  return link_until(secret, code_name, now_seconds + kCodeLinkSeconds);
}

std::optional<std::string> read_code_link(ByteView secret, std::string_view link,
                                          int64_t now_seconds) {
  const size_t expires = link.find(kExpires);
  if (expires == std::string_view::npos) return std::nullopt;
  const std::string_view code_name = link.substr(0, expires);
  const std::string_view rest = link.substr(expires + kExpires.size());
  int64_t end_seconds = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), end_seconds);
  if (error != std::errc() || end_seconds < now_seconds) return std::nullopt;
  if (!is_same(link, link_until(secret, code_name, end_seconds))) return std::nullopt;
  return std::string(code_name);
}

}  // namespace millrace::functions
