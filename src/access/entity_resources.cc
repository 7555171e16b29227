#include "access/entity_resources.h"

#include "access/arn_text.h"
#include "ops/input.h"

namespace millrace::access {
namespace {

std::string_view text_of(const Inquiry& inquiry, std::string_view member) {
  return ops::optional_string(inquiry.input(), member).value_or("");
}

// `path` begins and ends with a slash.
std::string entity_arn(const Inquiry& inquiry, std::string_view kind, std::string_view path,
                       std::string_view name) {
  ArnText arn = ArnText::without_region(inquiry.site(), "iam");
  return std::string(arn.add(kind).add(path).add(name).view());
}

Status ask_about(Inquiry& inquiry, std::string_view arn) {
  return inquiry.ask(arn, {.entity_arn = arn});
}

// As it is stored, or as one without a path would be called.
template <auto find>
Status ask_named(Inquiry& inquiry, std::string_view kind, std::string_view name) {
  if (name.empty()) return inquiry.ask(kAnything);
  const auto account = inquiry.account();
  const auto found = account ? ((*account).*find)(name) : nullptr;
  return ask_about(inquiry, found ? found->arn : entity_arn(inquiry, kind, "/", name));
}

Status ask_new(Inquiry& inquiry, std::string_view kind, std::string_view name,
               std::string_view tag_permission) {
  const std::string_view path = text_of(inquiry, "Path");
  const std::string arn = entity_arn(inquiry, kind, path.empty() ? "/" : path, name);
  TRY(inquiry.ask(arn));
  if (tag_permission.empty() || ops::objects_of(inquiry.input(), "Tags").empty()) return Done{};
  return inquiry.ask_for(tag_permission, arn, {});
}

template <auto find>
Status ask_renamed(Inquiry& inquiry, std::string_view kind, std::string_view name,
                   std::string_view new_name) {
  TRY(ask_named<find>(inquiry, kind, name));
  const auto new_path = ops::optional_string(inquiry.input(), "NewPath");
  if (new_name.empty() && !new_path) return Done{};
  const auto account = inquiry.account();
  const auto found = account ? ((*account).*find)(name) : nullptr;
  const std::string path(new_path.value_or(found ? std::string_view(found->path) : "/"));
  return inquiry.ask(entity_arn(inquiry, kind, path, new_name.empty() ? name : new_name));
}

Status ask_below(Inquiry& inquiry, std::string_view kind) {
  const std::string_view path = text_of(inquiry, "PathPrefix");
  return inquiry.ask(entity_arn(inquiry, kind, path.empty() ? "/" : path, ""));
}

}  // namespace

Status ask_user(Inquiry& inquiry) {
  const std::string_view name = text_of(inquiry, "UserName");
  if (name.empty()) return ask_about(inquiry, inquiry.principal().arn);
  return ask_named<&iam::Account::find_user>(inquiry, "user", name);
}

Status ask_group_entity(Inquiry& inquiry) {
  return ask_named<&iam::Account::find_group>(inquiry, "group", text_of(inquiry, "GroupName"));
}

Status ask_role(Inquiry& inquiry) {
  return ask_named<&iam::Account::find_role>(inquiry, "role", text_of(inquiry, "RoleName"));
}

Status ask_policy(Inquiry& inquiry) {
  const std::string_view arn = text_of(inquiry, "PolicyArn");
  return arn.empty() ? inquiry.ask(kAnything) : ask_about(inquiry, arn);
}

Status ask_user_of_key(Inquiry& inquiry) {
  const std::string_view id = text_of(inquiry, "AccessKeyId");
  const auto account = inquiry.account();
  if (!account) return inquiry.ask(kAnything);
  for (const auto& [name, user] : account->users) {
    for (const iam::AccessKey& key : user->access_keys) {
      if (key.access_key_id == id) return ask_about(inquiry, user->arn);
    }
  }
  return inquiry.ask(kAnything);
}

Status ask_new_user(Inquiry& inquiry) {
  return ask_new(inquiry, "user", text_of(inquiry, "UserName"), "iam:TagUser");
}

Status ask_new_group(Inquiry& inquiry) {
  return ask_new(inquiry, "group", text_of(inquiry, "GroupName"), "");
}

Status ask_new_role(Inquiry& inquiry) {
  return ask_new(inquiry, "role", text_of(inquiry, "RoleName"), "iam:TagRole");
}

Status ask_new_policy(Inquiry& inquiry) {
  return ask_new(inquiry, "policy", text_of(inquiry, "PolicyName"), "iam:TagPolicy");
}

Status ask_renamed_user(Inquiry& inquiry) {
  return ask_renamed<&iam::Account::find_user>(inquiry, "user", text_of(inquiry, "UserName"),
                                               text_of(inquiry, "NewUserName"));
}

Status ask_renamed_group(Inquiry& inquiry) {
  return ask_renamed<&iam::Account::find_group>(inquiry, "group", text_of(inquiry, "GroupName"),
                                                text_of(inquiry, "NewGroupName"));
}

Status ask_users(Inquiry& inquiry) {
  return ask_below(inquiry, "user");
}

Status ask_groups(Inquiry& inquiry) {
  return ask_below(inquiry, "group");
}

Status ask_roles(Inquiry& inquiry) {
  return ask_below(inquiry, "role");
}

Status ask_policies(Inquiry& inquiry) {
  return ask_below(inquiry, "policy");
}

Status ask_policy_source(Inquiry& inquiry) {
  const std::string_view arn = text_of(inquiry, "PolicySourceArn");
  return arn.empty() ? inquiry.ask(kAnything) : ask_about(inquiry, arn);
}

const iam::Entity* find_entity(const iam::Account& account, std::string_view arn) {
  const std::string_view name = arn.substr(arn.rfind('/') + 1);
  for (const iam::Entity* entity :
       {static_cast<const iam::Entity*>(account.find_user(name).get()),
        static_cast<const iam::Entity*>(account.find_role(name).get()),
        static_cast<const iam::Entity*>(account.find_policy(std::string(arn)).get())}) {
    if (entity != nullptr && entity->arn == arn) return entity;
  }
  return nullptr;
}

std::string boundary_of(const iam::Account& account, std::string_view arn) {
  const std::string_view name = arn.substr(arn.rfind('/') + 1);
  const auto user = account.find_user(name);
  if (user && user->arn == arn) return user->grants.boundary_arn;
  const auto role = account.find_role(name);
  return role && role->arn == arn ? role->grants.boundary_arn : std::string();
}

}  // namespace millrace::access
