#include "auth/signing_key_cache.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "auth/sigv4.h"

namespace millrace::auth {
namespace {

constexpr size_t kSlots = 256;  // of a thread

struct Slot {
  std::string secret_access_key;
  Scope scope;
  std::optional<HmacKey> signing_key;

  // That of the cache is the server's own, so the time this takes tells a client nothing.
  [[nodiscard]] bool is_of(const SigningKeyOf& key) const {
    return signing_key && secret_access_key == key.secret_access_key && scope.date == key.date &&
           scope.service == key.service && scope.region == key.region;
  }
};

size_t slot_of(const SigningKeyOf& key) {
  const std::hash<std::string_view> hash;
  return (hash(key.secret_access_key) ^ hash(key.date) * 31 ^ hash(key.service) * 37) % kSlots;
}

}  // namespace

const HmacKey& cached_signing_key(const SigningKeyOf& key) {
  thread_local std::vector<Slot> slots(kSlots);
  Slot& slot = slots[slot_of(key)];
  if (!slot.is_of(key)) {
    slot.secret_access_key = key.secret_access_key;
    slot.scope = {std::string(key.date), std::string(key.region), std::string(key.service)};
    slot.signing_key.emplace(as_text(derive_signing_key(slot.secret_access_key, slot.scope)));
  }
  return *slot.signing_key;
}

}  // namespace millrace::auth
