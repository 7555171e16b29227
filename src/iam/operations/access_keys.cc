#include <algorithm>

#include "iam/identifiers.h"
#include "iam/operations/entity.h"
#include "iam/operations/entity_writer.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"

namespace millrace::iam {
namespace {

constexpr size_t kRootKeysMax = 1;

// Whose keys a request is about: a user's, or those of the account's root.
struct Owner {
  UserPointer user;  // nullptr: the root

  [[nodiscard]] std::vector<AccessKey> keys(const Account& account) const {
    if (user != nullptr) return user->access_keys;
    return account.root_key ? std::vector<AccessKey>{*account.root_key} : std::vector<AccessKey>();
  }
  void put(Account& account, std::vector<AccessKey> keys) const {
    if (user == nullptr) {
      account.root_key.reset();
      if (!keys.empty()) account.root_key = std::move(keys.front());
      return;
    }
    User changed = *user;
    changed.access_keys = std::move(keys);
    put_entity(account, std::move(changed));
  }
  void write_name(json::Writer& writer) const {
    if (user != nullptr) writer.member("UserName", user->name);
  }
};

// Without UserName it is the caller.
Result<Owner> owner_of(const Account& account, const Call& call) {
  const auto name = optional_text(call.input, "UserName");
  if (!name && call.caller.type == auth::PrincipalType::kRoot) return Owner{nullptr};
  if (!name && call.caller.user_name.empty()) {
    return validation_error("Must specify userName when calling with non-User credentials");
  }
  UserPointer user = TRY(find_entity<User>(account, name.value_or(call.caller.user_name)));
  return Owner{std::move(user)};
}

Error no_such_key(std::string_view id) {
  return no_such_entity(fmt::format("The Access Key with id {} cannot be found.", id));
}

std::string_view status_of(const AccessKey& key) {
  return key.active ? "Active" : "Inactive";
}

}  // namespace

Answer create_access_key(Account& account, const Call& call) {
  const Owner owner = TRY(owner_of(account, call));
  std::vector<AccessKey> keys = owner.keys(account);
  const size_t keys_max = owner.user != nullptr ? kKeysPerUserMax : kRootKeysMax;
  if (keys.size() >= keys_max) return quota_exceeded("AccessKeysPerUser", keys_max);
  keys.push_back(make_access_key(call.secrets, call.now_seconds));
  const AccessKey& key = keys.back();
  std::string answer = answer_object("AccessKey", [&](json::Writer& writer) {
    owner.write_name(writer);
    writer.member("AccessKeyId", key.access_key_id);
    writer.member("Status", status_of(key));
    writer.member("SecretAccessKey", key.secret_access_key);
    writer.member("CreateDate", time_text(key.created_seconds));
  });
  owner.put(account, std::move(keys));
  return answer;
}

Answer list_access_keys(const Account& account, const Call& call) {
  const Owner owner = TRY(owner_of(account, call));
  std::vector<Keyed<AccessKey>> keys;
  for (AccessKey& key : owner.keys(account)) {
    std::string id = key.access_key_id;
    keys.emplace_back(std::move(id), std::move(key));
  }
  sort_by_key(keys);
  return answer_page(call.input, "AccessKeyMetadata", keys,
                     [&](json::Writer& writer, const AccessKey& key) {
                       writer.begin_object();
                       owner.write_name(writer);
                       writer.member("AccessKeyId", key.access_key_id);
                       writer.member("Status", status_of(key));
                       writer.member("CreateDate", time_text(key.created_seconds));
                       writer.end_object();
                     });
}

Answer update_access_key(Account& account, const Call& call) {
  const Owner owner = TRY(owner_of(account, call));
  const std::string id = text_of(call.input, "AccessKeyId");
  const std::string status = text_of(call.input, "Status");
  if (status == "Expired") {
    return validation_error(
        "1 validation error detected: Value 'Expired' at 'status' failed to satisfy constraint: "
        "Member must satisfy enum value set: [Active, Inactive]");
  }
  std::vector<AccessKey> keys = owner.keys(account);
  const auto key = std::ranges::find(keys, id, &AccessKey::access_key_id);
  if (key == keys.end()) return no_such_key(id);
  key->active = status == "Active";
  owner.put(account, std::move(keys));
  return std::string();
}

Answer delete_access_key(Account& account, const Call& call) {
  const Owner owner = TRY(owner_of(account, call));
  const std::string id = text_of(call.input, "AccessKeyId");
  std::vector<AccessKey> keys = owner.keys(account);
  const size_t erased =
      std::erase_if(keys, [&](const AccessKey& key) { return key.access_key_id == id; });
  if (erased == 0) return no_such_key(id);
  owner.put(account, std::move(keys));
  return std::string();
}

Answer get_access_key_last_used(const Account& account, const Call& call) {
  const std::string id = text_of(call.input, "AccessKeyId");
  const auto has_key = [&](const UserPointer& user) {
    return std::ranges::count(user->access_keys, id, &AccessKey::access_key_id) > 0;
  };
  const auto user =
      std::ranges::find_if(account.users, [&](const auto& entry) { return has_key(entry.second); });
  const bool of_root = account.root_key && account.root_key->access_key_id == id;
  if (user == account.users.end() && !of_root) return no_such_key(id);
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  if (user != account.users.end()) writer.member("UserName", user->second->name);
  // What the service says of a key of whose use it knows nothing.
  writer.key("AccessKeyLastUsed");
  writer.begin_object();
  writer.member("ServiceName", "N/A");
  writer.member("Region", "N/A");
  writer.end_object();
  writer.end_object();
  return out;
}

}  // namespace millrace::iam
