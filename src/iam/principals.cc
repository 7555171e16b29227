#include "iam/principals.h"

#include <algorithm>

#include <fmt/format.h>

namespace millrace::iam {
namespace {

using auth::Principal;
using auth::PrincipalType;

std::string_view name_of_arn(std::string_view arn) {
  return arn.substr(arn.rfind('/') + 1);
}

// Keys of tags that differ in case alone are the same.
bool is_same_key(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(one, other, {}, lower, lower);
}

void add_tags(Principal& principal, const Tags& tags) {
  for (const auto& [key, value] : tags) {
    std::erase_if(principal.tags,
                  [&key = key](const auth::Tag& tag) { return is_same_key(tag.key, key); });
    principal.tags.push_back({key, value});
  }
}

// Done with what all sessions have.
Principal session_of(Principal principal, const SessionContent& session, std::string issuer_name) {
  principal.type = session.type;
  principal.access_key_id = session.access_key_id;
  principal.issuer_arn = session.issuer_arn;
  principal.issuer_id = session.issuer_id;
  principal.issuer_name = std::move(issuer_name);
  principal.session_began_seconds = session.began_seconds;
  principal.session_policies_json = session.policies_json;
  principal.session_policy_arns = session.policy_arns;
  add_tags(principal, session.tags);
  return principal;
}

std::optional<Principal> role_session(const Account& account, const SessionContent& session) {
  const RolePointer role = find_role_by_arn(account, session.issuer_arn);
  if (!role || role->id != session.issuer_id) return std::nullopt;
  Principal principal;
  principal.account_id = account.account_id;
  principal.id = role->id + ":" + session.session_name;
  principal.arn = fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", account.account_id, role->name,
                              session.session_name);
  principal.session_name = session.session_name;
  add_tags(principal, role->tags);
  return session_of(std::move(principal), session, role->name);
}

// Of the root or a user, who is `issuer`.
Principal own_session(const SessionContent& session, Principal issuer) {
  std::string issuer_name = issuer.user_name;
  if (session.type == PrincipalType::kFederatedUser) {
    issuer.id = issuer.account_id + ":" + session.session_name;
    issuer.arn =
        fmt::format("arn:aws:sts::{}:federated-user/{}", issuer.account_id, session.session_name);
    issuer.user_name.clear();
    issuer.session_name = session.session_name;
  }
  return session_of(std::move(issuer), session, std::move(issuer_name));
}

}  // namespace

std::string root_arn(std::string_view account_id) {
  return fmt::format("arn:aws:iam::{}:root", account_id);
}

Principal root_principal(const Account& account, std::string access_key_id) {
  Principal principal;
  principal.type = PrincipalType::kRoot;
  principal.account_id = account.account_id;
  principal.access_key_id = std::move(access_key_id);
  principal.id = account.account_id;
  principal.arn = root_arn(account.account_id);
  return principal;
}

Principal user_principal(const Account& account, const User& user, std::string access_key_id) {
  Principal principal;
  principal.type = PrincipalType::kUser;
  principal.account_id = account.account_id;
  principal.access_key_id = std::move(access_key_id);
  principal.id = user.id;
  principal.arn = user.arn;
  principal.user_name = user.name;
  add_tags(principal, user.tags);
  return principal;
}

std::optional<Principal> session_principal(const Account& account, const SessionContent& session) {
  if (session.type == PrincipalType::kAssumedRole) return role_session(account, session);
  if (session.issuer_arn == root_arn(account.account_id)) {
    return own_session(session, root_principal(account, ""));
  }
  const UserPointer user = find_user_by_arn(account, session.issuer_arn);
  if (!user || user->id != session.issuer_id) return std::nullopt;
  return own_session(session, user_principal(account, *user, ""));
}

Principal stranger_session(const Account& account, const SessionContent& session) {
  User stranger;
  stranger.name = name_of_arn(session.issuer_arn);
  stranger.arn = session.issuer_arn;
  return own_session(session, user_principal(account, stranger, ""));
}

UserPointer find_user_by_arn(const Account& account, std::string_view arn) {
  UserPointer user = account.find_user(name_of_arn(arn));
  return user && user->arn == arn ? user : nullptr;
}

RolePointer find_role_by_arn(const Account& account, std::string_view arn) {
  RolePointer role = account.find_role(name_of_arn(arn));
  return role && role->arn == arn ? role : nullptr;
}

}  // namespace millrace::iam
