#include "iam/identifiers.h"
#include "iam/operations/entity.h"
#include "iam/operations/entity_writer.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"
#include "iam/operations/policy_reference.h"
#include "iam/operations/tag_change.h"

namespace millrace::iam {
namespace {

// The account's root, which has no name.
std::string answer_root(const Account& account) {
  return answer_object("User", [&](json::Writer& writer) {
    writer.member("Path", "/");
    if (!account.alias.empty()) writer.member("UserName", account.alias);
    writer.member("UserId", account.account_id);
    writer.member("Arn", fmt::format("arn:aws:iam::{}:root", account.account_id));
    writer.member("CreateDate",
                  time_text(account.root_key ? account.root_key->created_seconds : 0));
  });
}

}  // namespace

Answer create_user(Account& account, const Call& call) {
  User user;
  user.name = text_of(call.input, "UserName");
  if (auto status = check_new_name<User>(account, user.name); !status) return status.error();
  if (auto status = check_count<User>(account); !status) return status.error();
  user.tags = TRY(with_tags({}, call.input));
  user.grants.boundary_arn = TRY(boundary_of(account, call.input));
  user.path = optional_text(call.input, "Path").value_or("/");
  user.id = make_entity_id(EntityKind<User>::kIdPrefix, call.secrets);
  user.arn = entity_arn(account.account_id, "user", user.path, user.name);
  user.created_seconds = call.now_seconds;
  std::string answer = answer_object(
      "User", [&](json::Writer& writer) { write_user(writer, user, Detail::kWhole); });
  put_entity(account, std::move(user));
  return answer;
}

Answer get_user(const Account& account, const Call& call) {
  std::optional<std::string> name = optional_text(call.input, "UserName");
  if (!name && call.caller.type == auth::PrincipalType::kRoot) return answer_root(account);
  if (!name && call.caller.user_name.empty()) {
    return validation_error("Must specify userName when calling with non-User credentials");
  }
  const UserPointer user = TRY(find_entity<User>(account, name.value_or(call.caller.user_name)));
  return answer_object("User",
                       [&](json::Writer& writer) { write_user(writer, *user, Detail::kWhole); });
}

Answer list_users(const Account& account, const Call& call) {
  const std::string prefix = text_of(call.input, "PathPrefix");
  std::vector<Keyed<UserPointer>> users;
  for (const auto& [key, user] : account.users) {
    if (user->path.starts_with(prefix)) users.emplace_back(key, user);
  }
  return answer_page(call.input, "Users", users, [](json::Writer& writer, const UserPointer& user) {
    writer.begin_object();
    write_user(writer, *user, Detail::kListed);
    writer.end_object();
  });
}

Answer update_user(Account& account, const Call& call) {
  User user = *TRY(entity_of<User>(account, call.input));
  const std::string old_key = entity_key(user.name);
  if (auto name = optional_text(call.input, "NewUserName")) {
    if (entity_key(*name) != old_key) {
      if (auto status = check_new_name<User>(account, *name); !status) return status.error();
    }
    user.name = std::move(*name);
  }
  if (auto path = optional_text(call.input, "NewPath")) user.path = std::move(*path);
  user.arn = entity_arn(account.account_id, "user", user.path, user.name);
  account.users.erase(old_key);
  put_entity(account, std::move(user));
  return std::string();
}

Answer delete_user(Account& account, const Call& call) {
  const UserPointer user = TRY(entity_of<User>(account, call.input));
  if (!user->groups.empty()) {
    return delete_conflict("Cannot delete entity, must remove users from group first.");
  }
  if (auto status = check_no_policies(user->grants); !status) return status.error();
  if (!user->access_keys.empty()) {
    return delete_conflict("Cannot delete entity, must delete access keys first.");
  }
  account.users.erase(entity_key(user->name));
  return std::string();
}

}  // namespace millrace::iam
