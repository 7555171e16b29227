#include "app/root_key.h"

#include <algorithm>
#include <future>

#include <fmt/format.h>

#include "iam/identifiers.h"

namespace millrace::app {
namespace {

// Less than AWS's own have: the operator chooses them.
constexpr size_t kIdLengthMin = 3;
constexpr size_t kIdLengthMax = 128;
constexpr size_t kSecretLengthMin = 8;

Error invalid(std::string message) {
  return {ErrorCode::kInvalidConfiguration, std::move(message)};
}

bool is_access_key_id(std::string_view text) {
  return text.size() >= kIdLengthMin && text.size() <= kIdLengthMax &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

bool is_users(const iam::Account& account, const std::string& access_key_id) {
  return std::ranges::any_of(account.users, [&](const auto& entry) {
    const auto& keys = entry.second->access_keys;
    return std::ranges::find(keys, access_key_id, &iam::AccessKey::access_key_id) != keys.end();
  });
}

Status set_root_key(iam::AccountStore& store, const iam::AccessKey& key) {
  std::promise<Status> done;
  store.change(
      [&key](iam::Account& account) -> Status {
        if (is_users(account, key.access_key_id)) {
          return invalid(fmt::format("{}: the key of a user has that id", kRootKeyIdVariable));
        }
        account.root_key = key;
        return Done{};
      },
      [&done](Status status) { done.set_value(std::move(status)); });
  return done.get_future().get();
}

}  // namespace

Result<std::optional<iam::AccessKey>> given_root_key(const char* access_key_id,
                                                     const char* secret_access_key,
                                                     int64_t now_seconds) {
  if (access_key_id == nullptr && secret_access_key == nullptr) {
    return std::optional<iam::AccessKey>();
  }
  if (access_key_id == nullptr || secret_access_key == nullptr) {
    return invalid(
        fmt::format("{} is set without {}: both are needed, or neither",
                    access_key_id != nullptr ? kRootKeyIdVariable : kRootSecretVariable,
                    access_key_id != nullptr ? kRootSecretVariable : kRootKeyIdVariable));
  }
  iam::AccessKey key;
  key.access_key_id = access_key_id;
  key.secret_access_key = secret_access_key;
  key.created_seconds = now_seconds;
  if (!is_access_key_id(key.access_key_id)) {
    return invalid(fmt::format("{} takes {} to {} letters, digits, underscores and hyphens",
                               kRootKeyIdVariable, kIdLengthMin, kIdLengthMax));
  }
  if (key.secret_access_key.size() < kSecretLengthMin) {
    return invalid(
        fmt::format("{} takes {} characters or more", kRootSecretVariable, kSecretLengthMin));
  }
  return std::optional(std::move(key));
}

Result<std::optional<iam::AccessKey>> ensure_root_key(iam::AccountStore& store,
                                                      const std::optional<iam::AccessKey>& given,
                                                      Random& secrets, int64_t now_seconds) {
  std::optional<iam::AccessKey> made;
  const auto stored = store.account()->root_key;
  if (given) {
    const bool is_stored = stored && stored->access_key_id == given->access_key_id &&
                           stored->secret_access_key == given->secret_access_key;
    if (!is_stored) TRY(set_root_key(store, *given));
  } else if (!stored) {
    made = iam::make_access_key(secrets, now_seconds);
    TRY(set_root_key(store, *made));
  }
  return made;
}

}  // namespace millrace::app
