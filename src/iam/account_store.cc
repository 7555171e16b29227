#include "iam/account_store.h"

#include <algorithm>
#include <mutex>
#include <shared_mutex>

#include <fmt/format.h>

#include "catalog/catalog.h"
#include "catalog/change_queue.h"
#include "iam/account_encoding.h"
#include "iam/aws_managed_policies.h"
#include "iam/identifiers.h"

namespace millrace::iam {
namespace {

using catalog::kAccessPartition;

constexpr std::string_view kUserPrefix = "u/";
constexpr std::string_view kGroupPrefix = "g/";
constexpr std::string_view kRolePrefix = "r/";
constexpr std::string_view kPolicyPrefix = "p/";
constexpr std::string_view kSettingsKey = "settings";
// Holds a text that only the right key opens, so that a wrong one is told from damage.
constexpr std::string_view kKeyCheckKey = "key";
constexpr std::string_view kKeyCheck = "the key of this data";

Bytes key_of(std::string_view prefix, std::string_view name) {
  return Bytes(prefix) + Bytes(name);
}

// What of two states of a map differs, as mutations. `write` encodes what a pointer points to;
// `is_stored` tells whether a key is stored at all.
template <typename Map, typename Write, typename IsStored>
void add_difference(const Map& before, const Map& now, std::string_view prefix, const Write& write,
                    const IsStored& is_stored, std::vector<engine::Mutation>& mutations) {
  auto old = before.begin();
  for (const auto& [key, value] : now) {
    for (; old != before.end() && old->first < key; ++old) {
      mutations.emplace_back(engine::Erase{key_of(prefix, old->first)});
    }
    const bool was_there = old != before.end() && old->first == key;
    const bool unchanged = was_there && old->second == value;
    if (!unchanged && is_stored(key)) {
      mutations.emplace_back(engine::Put{key_of(prefix, key), write(*value)});
    }
    if (was_there) ++old;
  }
  for (; old != before.end(); ++old) {
    mutations.emplace_back(engine::Erase{key_of(prefix, old->first)});
  }
}

bool is_same(const std::optional<AccessKey>& one, const std::optional<AccessKey>& other) {
  if (!one || !other) return one.has_value() == other.has_value();
  return one->access_key_id == other->access_key_id &&
         one->secret_access_key == other->secret_access_key && one->active == other->active &&
         one->created_seconds == other->created_seconds;
}

std::vector<engine::Mutation> difference(const Account& before, const Account& now,
                                         const SecretBox& box) {
  std::vector<engine::Mutation> mutations;
  const auto always = [](const std::string&) { return true; };
  const auto encode_user = [&](const User& user) { return write_user(user, box); };
  add_difference(before.users, now.users, kUserPrefix, encode_user, always, mutations);
  add_difference(before.groups, now.groups, kGroupPrefix, write_group, always, mutations);
  add_difference(before.roles, now.roles, kRolePrefix, write_role, always, mutations);
  const auto is_own = [](const std::string& arn) { return !is_aws_managed(arn); };
  add_difference(before.policies, now.policies, kPolicyPrefix, write_managed_policy, is_own,
                 mutations);
  if (before.alias != now.alias || !is_same(before.root_key, now.root_key)) {
    mutations.emplace_back(
        engine::Put{Bytes(kSettingsKey), write_settings({now.alias, now.root_key}, box)});
  }
  return mutations;
}

Error wrong_place() {
  return internal_error("a stored entity of access control is in the wrong place");
}

// Reads the account from its entries.
class Loader {
 public:
  Loader(Account& account, const SecretBox& box) : account_(account), box_(box) {}

  Status check_key(ByteView sealed) const {
    if (box_.open_sealed(sealed, kKeyCheckKey) == kKeyCheck) return Done{};
    return internal_error(
        "the key file is not the one that the stored access keys were encrypted with: put that one "
        "back");
  }

  Status load(ByteView key, ByteView value) {
    if (key == kKeyCheckKey) return Done{};  // checked before all else
    if (key == kSettingsKey) {
      auto settings = TRY(read_settings(value, box_));
      account_.alias = std::move(settings.alias);
      account_.root_key = std::move(settings.root_key);
      return Done{};
    }
    const ByteView prefix = key.substr(0, 2);
    const std::string name(key.substr(prefix.size()));
    if (prefix == kUserPrefix) return add(account_.users, name, "user", read_user(value, box_));
    if (prefix == kGroupPrefix) return add(account_.groups, name, "group", read_group(value));
    if (prefix == kRolePrefix) return add(account_.roles, name, "role", read_role(value));
    if (prefix == kPolicyPrefix) {
      return add(account_.policies, name, "policy", read_managed_policy(value));
    }
    return wrong_place();
  }

  // That every entity is where it is looked for.
  [[nodiscard]] Status check_places() const {
    const bool all = in_place(account_.users,
                              [this](const User& one) { return account_.find_user(one.name); }) &&
                     in_place(account_.groups,
                              [this](const Group& one) { return account_.find_group(one.name); }) &&
                     in_place(account_.roles,
                              [this](const Role& one) { return account_.find_role(one.name); }) &&
                     in_place(account_.policies, [this](const ManagedPolicy& one) {
                       return account_.find_policy(one.arn);
                     });
    return all ? Status(Done{}) : wrong_place();
  }

 private:
  template <typename Map, typename T>
  Status add(Map& entities, const std::string& key, std::string_view kind, Result<T> read) const {
    T entity = TRY(std::move(read));
    if (entity.arn != entity_arn(account_.account_id, kind, entity.path, entity.name)) {
      return Error{ErrorCode::kInvalidConfiguration,
                   fmt::format("account_id is {}, but what is stored has {}", account_.account_id,
                               entity.arn)};
    }
    entities.emplace(key, std::make_shared<const T>(std::move(entity)));
    return Done{};
  }
  template <typename Map, typename Find>
  static bool in_place(const Map& entities, const Find& find) {
    return std::ranges::all_of(
        entities, [&](const auto& entry) { return find(*entry.second) == entry.second; });
  }

  Account& account_;
  const SecretBox& box_;
};

class StoredAccount final : public AccountStore {
 public:
  StoredAccount(engine::Engine& engine, const SecretBox& box) : engine_(engine), box_(box) {}

  Status load(std::string account_id) {
    auto account = std::make_shared<Account>();
    account->account_id = std::move(account_id);
    Loader loader(*account, box_);
    const auto key_check = TRY(engine_.get(kAccessPartition, kKeyCheckKey));
    if (key_check) TRY(loader.check_key(*key_check));
    has_key_check_ = key_check.has_value();
    Status loaded = Done{};
    TRY(engine_.scan(kAccessPartition, {{}, std::nullopt}, engine::Direction::kForward,
                     [&](ByteView key, ByteView value) {
                       loaded = loader.load(key, value);
                       return loaded.ok();
                     }));
    TRY(std::move(loaded));
    TRY(loader.check_places());
    for (const auto& [arn, policy] : aws_managed_policies()) account->policies.emplace(arn, policy);
    account_ = std::move(account);
    return Done{};
  }

  AccountPointer account() const override {
    const std::shared_lock lock(mutex_);
    return account_;
  }

  void change(Change change, std::function<void(Status)> done) override {
    queue_.add([this, change = std::move(change),
                done = std::move(done)](const catalog::ChangeQueue::Finished& finished) {
      make_change(change, done, finished);
    });
  }

 private:
  void make_change(const Change& change, const std::function<void(Status)>& done,
                   const catalog::ChangeQueue::Finished& finished) {
    const AccountPointer before = account();
    auto now = std::make_shared<Account>(*before);
    Status changed = change(*now);
    auto mutations =
        changed.ok() ? difference(*before, *now, box_) : std::vector<engine::Mutation>();
    if (mutations.empty()) {
      done(std::move(changed));
      return finished();
    }
    if (!has_key_check_) {
      mutations.emplace_back(engine::Put{Bytes(kKeyCheckKey), box_.seal(kKeyCheck, kKeyCheckKey)});
    }
    engine_.commit({{kAccessPartition, std::move(mutations), {}}},
                   [this, now = AccountPointer(std::move(now)), done, finished](Status status) {
                     if (status.ok()) publish(now);
                     done(std::move(status));
                     finished();
                   });
  }

  void publish(const AccountPointer& now) {
    has_key_check_ = true;
    {
      const std::scoped_lock lock(mutex_);
      account_ = now;
    }
    version_.fetch_add(1, std::memory_order_release);
  }

  engine::Engine& engine_;
  const SecretBox& box_;
  bool has_key_check_ = false;  // of the change that is being made
  mutable std::shared_mutex mutex_;
  AccountPointer account_;      // guarded by mutex_
  catalog::ChangeQueue queue_;  // last: its end waits for changes
};

}  // namespace

Result<std::unique_ptr<AccountStore>> AccountStore::open(engine::Engine& engine,
                                                         const SecretBox& box,
                                                         std::string account_id) {
  auto store = std::make_unique<StoredAccount>(engine, box);
  TRY(store->load(std::move(account_id)));
  return std::unique_ptr<AccountStore>(std::move(store));
}

}  // namespace millrace::iam
