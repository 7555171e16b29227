#include "iam/sessions.h"

#include <array>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "iam/identifiers.h"
#include "iam/policy_sets.h"
#include "iam/principals.h"
#include "iam/session_token.h"

namespace millrace::iam {
namespace {

using auth::PrincipalPointer;
using auth::SigningIdentity;
using auth::SigningIdentityPointer;
using PolicySetPointer = std::shared_ptr<const policy::PolicySet>;

constexpr size_t kShards = 16;
// What is kept of an entry may be tens of kilobytes: a session with all its policies and tags.
constexpr size_t kShardEntriesMax = 256;

struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

template <typename Key, typename Entry, typename... Lookup>
struct Shard {
  mutable std::shared_mutex mutex;
  std::unordered_map<Key, Entry, Lookup...> entries;  // guarded by mutex
};

// What was found of an access key. Good as long as the account's version is that.
struct FoundKey {
  uint64_t version = 0;
  std::string token;
  std::optional<SessionContent> session;  // what the token holds, which needs no second decryption
  SigningIdentityPointer identity;
};
using KeyShard = Shard<std::string, FoundKey, TextHash, std::equal_to<>>;

struct FoundPolicies {
  uint64_t version = 0;
  PrincipalPointer principal;  // so that its address is no other's
  PolicySetPointer policies;
};
using PolicyShard = Shard<const auth::Principal*, FoundPolicies>;

struct KeyOwner {
  const User* user;
  const AccessKey* key;
};

// The long-lived keys of one state of the account.
struct KeyIndex {
  uint64_t version = 0;
  AccountPointer account;
  std::unordered_map<std::string_view, KeyOwner> users;  // views and pointers into the account
};
using KeyIndexPointer = std::shared_ptr<const KeyIndex>;

KeyIndexPointer make_index(uint64_t version, AccountPointer account) {
  auto index = std::make_shared<KeyIndex>();
  index->version = version;
  index->account = std::move(account);
  for (const auto& [name, user] : index->account->users) {
    for (const AccessKey& key : user->access_keys) {
      index->users.emplace(key.access_key_id, KeyOwner{user.get(), &key});
    }
  }
  return index;
}

SigningIdentityPointer identity_of(std::string secret, auth::Principal principal,
                                   int64_t expires_at_seconds) {
  return std::make_shared<const SigningIdentity>(SigningIdentity{
      std::move(secret), std::make_shared<const auth::Principal>(std::move(principal)),
      expires_at_seconds});
}

bool is_same(const SigningIdentityPointer& one, const SigningIdentityPointer& other) {
  return one && other && one->secret_access_key == other->secret_access_key &&
         one->expires_at_seconds == other->expires_at_seconds &&
         *one->principal == *other->principal;
}

}  // namespace

struct Credentials::State {
  State(const AccountStore& server_store, const SecretBox& server_box, const Clock& server_clock)
      : store(server_store), box(server_box), clock(server_clock) {}

  const AccountStore& store;
  const SecretBox& box;
  const Clock& clock;
  std::array<KeyShard, kShards> keys;
  std::array<PolicyShard, kShards> policies;
  std::mutex index_mutex;
  KeyIndexPointer index;  // guarded by index_mutex

  [[nodiscard]] int64_t now_seconds() const { return clock.now_milliseconds() / 1000; }

  // Of a state of the account that is `version` or later.
  KeyIndexPointer index_of(uint64_t version) {
    const std::scoped_lock lock(index_mutex);
    if (!index || index->version < version) {
      // Read in this order: the account is of that version or later.
      const uint64_t now = store.version();
      index = make_index(now, store.account());
    }
    return index;
  }

  SigningIdentityPointer find_long_lived(const Account& account, const KeyIndex& known,
                                         std::string_view access_key_id) const {
    const auto& root = account.root_key;
    if (root && root->access_key_id == access_key_id) {
      return root->active ? identity_of(root->secret_access_key,
                                        root_principal(account, root->access_key_id),
                                        std::numeric_limits<int64_t>::max())
                          : nullptr;
    }
    const auto owner = known.users.find(access_key_id);
    if (owner == known.users.end() || !owner->second.key->active) return nullptr;
    const auto& [user, key] = owner->second;
    return identity_of(key->secret_access_key, user_principal(account, *user, key->access_key_id),
                       std::numeric_limits<int64_t>::max());
  }

  static SigningIdentityPointer find_session(const Account& account,
                                             const std::optional<SessionContent>& session,
                                             std::string_view access_key_id) {
    if (!session || session->access_key_id != access_key_id) return nullptr;
    auto principal = session_principal(account, *session);
    if (!principal) return nullptr;
    return identity_of(session->secret_access_key, *std::move(principal), session->expires_seconds);
  }

  // Finds what is not kept, or out of date, and keeps it.
  SigningIdentityPointer find_anew(KeyShard& shard, std::string_view access_key_id,
                                   std::string_view token) {
    FoundKey found;
    SigningIdentityPointer before;
    {
      const std::shared_lock lock(shard.mutex);
      const auto kept = shard.entries.find(access_key_id);
      if (kept != shard.entries.end() && kept->second.token == token) {
        found.session = kept->second.session;
        before = kept->second.identity;
      }
    }
    const KeyIndexPointer known = index_of(store.version());
    found.version = known->version;
    found.token = token;
    if (token.empty()) {
      found.identity = find_long_lived(*known->account, *known, access_key_id);
    } else {
      if (!found.session) found.session = read_session_token(token, box);
      found.identity = find_session(*known->account, found.session, access_key_id);
    }
    if (is_same(before, found.identity)) found.identity = std::move(before);
    SigningIdentityPointer identity = found.identity;
    keep(shard, access_key_id, std::move(found));
    return identity;
  }

  // What is not found is not kept: anybody can ask for it.
  void keep(KeyShard& shard, std::string_view access_key_id, FoundKey found) const {
    const std::scoped_lock lock(shard.mutex);
    const auto kept = shard.entries.find(access_key_id);
    if (!found.identity) {
      if (kept != shard.entries.end() && kept->second.token == found.token) {
        shard.entries.erase(kept);
      }
      return;
    }
    if (kept != shard.entries.end()) {
      if (kept->second.version <= found.version) kept->second = std::move(found);
      return;
    }
    if (shard.entries.size() >= kShardEntriesMax) make_room(shard);
    shard.entries.emplace(access_key_id, std::move(found));
  }

  void make_room(KeyShard& shard) const {
    const int64_t now = now_seconds();
    std::erase_if(shard.entries, [now](const auto& entry) {
      return entry.second.identity->expires_at_seconds <= now;
    });
    if (shard.entries.size() >= kShardEntriesMax) shard.entries.clear();
  }
};

Credentials::Credentials(const AccountStore& store, const SecretBox& box, const Clock& clock)
    : state_(std::make_unique<State>(store, box, clock)) {}

Credentials::~Credentials() = default;

SigningIdentityPointer Credentials::find(std::string_view access_key_id,
                                         std::string_view session_token) const {
  KeyShard& shard = state_->keys[TextHash()(access_key_id) % kShards];
  {
    const std::shared_lock lock(shard.mutex);
    const auto kept = shard.entries.find(access_key_id);
    if (kept != shard.entries.end() && kept->second.version == state_->store.version() &&
        kept->second.token == session_token) {
      return kept->second.identity;
    }
  }
  return state_->find_anew(shard, access_key_id, session_token);
}

Result<IssuedSession> Credentials::issue(const NewSession& session, Random& secrets) const {
  const AccountPointer account = state_->store.account();
  SessionContent content;
  content.access_key_id = make_access_key_id("ASIA", secrets);
  content.secret_access_key = make_secret_access_key(secrets);
  content.type = session.type;
  content.issuer_arn = session.issuer_arn;
  content.session_name = session.session_name;
  content.began_seconds = state_->now_seconds();
  content.expires_seconds = content.began_seconds + session.duration_seconds;
  content.policies_json = session.policies_json;
  content.policy_arns = session.policy_arns;
  content.tags = session.tags;
  if (session.type == auth::PrincipalType::kAssumedRole) {
    const RolePointer role = find_role_by_arn(*account, session.issuer_arn);
    if (role) content.issuer_id = role->id;
  } else if (session.issuer_arn == root_arn(account->account_id)) {
    content.issuer_id = account->account_id;
  } else if (const UserPointer user = find_user_by_arn(*account, session.issuer_arn)) {
    content.issuer_id = user->id;
  }
  IssuedSession issued;
  auto principal = session_principal(*account, content);
  if (!principal && session.in_open_mode && session.type != auth::PrincipalType::kAssumedRole) {
    principal = stranger_session(*account, content);
  }
  if (!principal) {
    return Error{ErrorCode::kAccessDeniedException, session.issuer_arn + " is not there any more"};
  }
  issued.principal = std::make_shared<const auth::Principal>(*std::move(principal));
  issued.credentials = {content.access_key_id, content.secret_access_key,
                        write_session_token(content, state_->box)};
  issued.expires_at_seconds = content.expires_seconds;
  return issued;
}

PolicySetPointer Credentials::policies_of(const PrincipalPointer& principal) const {
  const uint64_t version = state_->store.version();
  PolicyShard& shard = state_->policies[std::hash<const void*>()(principal.get()) /
                                        alignof(auth::Principal) % kShards];
  {
    const std::shared_lock lock(shard.mutex);
    const auto kept = shard.entries.find(principal.get());
    if (kept != shard.entries.end() && kept->second.version == version) {
      return kept->second.policies;
    }
  }
  auto policies = std::make_shared<const policy::PolicySet>(
      policy_set_of(*state_->store.account(), *principal));
  const std::scoped_lock lock(shard.mutex);
  if (shard.entries.size() >= kShardEntriesMax) shard.entries.clear();
  FoundPolicies& kept = shard.entries[principal.get()];
  if (kept.version <= version) kept = {version, principal, policies};
  return policies;
}

}  // namespace millrace::iam
