#include "iam/identifiers.h"

#include <fmt/format.h>

namespace millrace::iam {
namespace {

constexpr std::string_view kIdAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kSecretAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string make_entity_id(std::string_view prefix, Random& random) {
  return std::string(prefix) + random.text(17, kIdAlphabet);
}

std::string entity_arn(std::string_view account_id, std::string_view kind, std::string_view path,
                       std::string_view name) {
  return fmt::format("arn:aws:iam::{}:{}{}{}", account_id, kind, path, name);
}

std::string make_access_key_id(std::string_view prefix, Random& secrets) {
  return std::string(prefix) + secrets.text(16, kIdAlphabet);
}

std::string make_secret_access_key(Random& secrets) {
  return secrets.text(40, kSecretAlphabet);
}

AccessKey make_access_key(Random& secrets, int64_t now_seconds) {
  AccessKey key;
  key.access_key_id = make_access_key_id("AKIA", secrets);
  key.secret_access_key = make_secret_access_key(secrets);
  key.created_seconds = now_seconds;
  return key;
}

}  // namespace millrace::iam
