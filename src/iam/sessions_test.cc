#include "iam/sessions.h"

#include <set>

#include <gtest/gtest.h>

#include "iam/account_testing.h"
#include "iam/policy_sets.h"
#include "iam/principals.h"
#include "iam/session_token.h"

namespace millrace::iam {
namespace {

using auth::PrincipalType;

class CredentialsTest : public ::testing::Test {
 protected:
  void edit_user(const std::string& name, const std::function<void(User&)>& edit) {
    User user = *account_.store->account()->users.at(name);
    edit(user);
    account_.put(user, name);
  }
  void change(const std::function<void(Account&)>& change) {
    ASSERT_TRUE(change_and_wait(*account_.store, [&](Account& account) -> Status {
                  change(account);
                  return Done{};
                }).ok());
  }
  IssuedSession issue(const NewSession& session) {
    return credentials_.issue(session, account_.random).value();
  }
  auth::SigningIdentityPointer find(const IssuedSession& session) {
    return credentials_.find(session.credentials.access_key_id, session.credentials.session_token);
  }

  TestAccount account_;
  ManualClock clock_{1'000'000'000'000'000};
  Credentials credentials_{*account_.store, account_.box, clock_};
};

TEST_F(CredentialsTest, AUsersKey) {
  const AccessKey key = account_.put_user("alice");
  edit_user("alice", [](User& user) { user.tags["Team"] = "blue"; });
  const auto identity = credentials_.find(key.access_key_id, "");
  ASSERT_NE(identity, nullptr);
  EXPECT_EQ(identity->secret_access_key, key.secret_access_key);
  const auth::Principal& principal = *identity->principal;
  EXPECT_EQ(principal.type, PrincipalType::kUser);
  EXPECT_EQ(principal.arn, "arn:aws:iam::123456789012:user/alice");
  EXPECT_EQ(principal.access_key_id, key.access_key_id);
  EXPECT_EQ(principal.user_name, "alice");
  EXPECT_EQ(principal.account_id, kTestAccountId);
  EXPECT_EQ(principal.tags, (std::vector<auth::Tag>{{"Team", "blue"}}));
  EXPECT_EQ(credentials_.find(key.access_key_id, "token"), nullptr);
  EXPECT_EQ(credentials_.find("AKIAOTHER", ""), nullptr);
  EXPECT_EQ(credentials_.find("", ""), nullptr);
}

TEST_F(CredentialsTest, ThePointerStaysUntilSomethingChanges) {
  const AccessKey key = account_.put_user("alice");
  const auto first = credentials_.find(key.access_key_id, "");
  EXPECT_EQ(credentials_.find(key.access_key_id, ""), first);
  account_.put_user("bob");  // another state of the account, the same alice
  EXPECT_EQ(credentials_.find(key.access_key_id, ""), first);
  edit_user("alice", [](User& user) { user.tags["Team"] = "red"; });
  const auto second = credentials_.find(key.access_key_id, "");
  EXPECT_NE(second, first);
  EXPECT_EQ(second->principal->tags, (std::vector<auth::Tag>{{"Team", "red"}}));
}

TEST_F(CredentialsTest, WhatIsTakenAwayIsGoneAtOnce) {
  const AccessKey key = account_.put_user("alice");
  ASSERT_NE(credentials_.find(key.access_key_id, ""), nullptr);
  edit_user("alice", [](User& user) { user.access_keys[0].active = false; });
  EXPECT_EQ(credentials_.find(key.access_key_id, ""), nullptr);
  edit_user("alice", [](User& user) { user.access_keys[0].active = true; });
  EXPECT_NE(credentials_.find(key.access_key_id, ""), nullptr);
  change([](Account& account) { account.users.clear(); });
  EXPECT_EQ(credentials_.find(key.access_key_id, ""), nullptr);
}

TEST_F(CredentialsTest, TheRootKey) {
  const AccessKey key = make_access_key(account_.random, 1);
  change([&](Account& account) { account.root_key = key; });
  const auto identity = credentials_.find(key.access_key_id, "");
  ASSERT_NE(identity, nullptr);
  EXPECT_EQ(identity->principal->type, PrincipalType::kRoot);
  EXPECT_EQ(identity->principal->arn, "arn:aws:iam::123456789012:root");
  EXPECT_EQ(identity->principal->id, kTestAccountId);
  EXPECT_TRUE(credentials_.policies_of(identity->principal)->unrestricted);
  const AccessKey other = make_access_key(account_.random, 1);
  change([&](Account& account) { account.root_key = other; });
  EXPECT_EQ(credentials_.find(key.access_key_id, ""), nullptr);
  EXPECT_NE(credentials_.find(other.access_key_id, ""), nullptr);
}

TEST_F(CredentialsTest, ARolesSession) {
  const Role role = account_.put_role("runner");
  NewSession session;
  session.issuer_arn = role.arn;
  session.session_name = "job";
  session.tags = {{"team", "blue"}};
  session.duration_seconds = 900;
  const IssuedSession issued = issue(session);
  EXPECT_EQ(issued.credentials.access_key_id.size(), 20u);
  EXPECT_TRUE(issued.credentials.access_key_id.starts_with("ASIA"));
  EXPECT_EQ(issued.credentials.secret_access_key.size(), 40u);
  EXPECT_EQ(issued.expires_at_seconds, 1'000'000'900);
  const auto identity = find(issued);
  ASSERT_NE(identity, nullptr);
  EXPECT_EQ(find(issued), identity);
  EXPECT_EQ(identity->secret_access_key, issued.credentials.secret_access_key);
  EXPECT_EQ(identity->expires_at_seconds, 1'000'000'900);
  EXPECT_EQ(*identity->principal, *issued.principal);
  const auth::Principal& principal = *identity->principal;
  EXPECT_EQ(principal.type, PrincipalType::kAssumedRole);
  EXPECT_EQ(principal.arn, "arn:aws:sts::123456789012:assumed-role/runner/job");
  EXPECT_EQ(principal.id, role.id + ":job");
  EXPECT_EQ(principal.issuer_arn, role.arn);
  EXPECT_EQ(principal.issuer_id, role.id);
  EXPECT_EQ(principal.issuer_name, "runner");
  EXPECT_EQ(principal.session_began_seconds, 1'000'000'000);
  EXPECT_EQ(principal.tags, (std::vector<auth::Tag>{{"team", "blue"}}));
  clock_.advance_microseconds(1'000'000'000'000);
  EXPECT_EQ(find(issued), identity) << "an expired one is returned";
}

TEST_F(CredentialsTest, ATokenIsGoodForItsKeyAlone) {
  const Role role = account_.put_role("runner");
  NewSession session;
  session.issuer_arn = role.arn;
  session.session_name = "job";
  const IssuedSession one = issue(session);
  const IssuedSession other = issue(session);
  ASSERT_NE(find(one), nullptr);
  const std::string& id = one.credentials.access_key_id;
  EXPECT_EQ(credentials_.find(id, other.credentials.session_token), nullptr);
  EXPECT_EQ(credentials_.find(id, ""), nullptr);
  EXPECT_EQ(credentials_.find(id, "garbage"), nullptr);
  EXPECT_EQ(credentials_.find(id, std::string(100'000, 'A')), nullptr);
  std::string changed = one.credentials.session_token;
  changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(credentials_.find(id, changed), nullptr);
  EXPECT_NE(find(one), nullptr);
}

TEST_F(CredentialsTest, ASessionEndsWithItsRole) {
  const Role role = account_.put_role("runner");
  NewSession session;
  session.issuer_arn = role.arn;
  const IssuedSession issued = issue(session);
  ASSERT_NE(find(issued), nullptr);
  const auto principal = find(issued)->principal;
  account_.put_role("runner");  // another of that name
  EXPECT_EQ(find(issued), nullptr);
  EXPECT_TRUE(credentials_.policies_of(principal)->identity.empty());
  change([](Account& account) { account.roles.clear(); });
  EXPECT_EQ(find(issued), nullptr);
  const auto refused = credentials_.issue(session, account_.random);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kAccessDeniedException);
}

TEST_F(CredentialsTest, AUsersOwnSession) {
  account_.put_user("alice");
  edit_user("alice", [](User& user) { user.tags = {{"Team", "blue"}, {"Floor", "1"}}; });
  NewSession session;
  session.type = PrincipalType::kUser;
  session.issuer_arn = "arn:aws:iam::123456789012:user/alice";
  const auth::PrincipalPointer own = find(issue(session))->principal;
  EXPECT_EQ(own->type, PrincipalType::kUser);
  EXPECT_EQ(own->arn, session.issuer_arn);
  EXPECT_EQ(own->issuer_arn, session.issuer_arn);
  EXPECT_EQ(own->user_name, "alice");
  session.type = PrincipalType::kFederatedUser;
  session.session_name = "Bob";
  session.tags = {{"TEAM", "red"}};
  const IssuedSession federated = issue(session);
  const auth::PrincipalPointer principal = find(federated)->principal;
  EXPECT_EQ(principal->arn, "arn:aws:sts::123456789012:federated-user/Bob");
  EXPECT_EQ(principal->id, "123456789012:Bob");
  EXPECT_EQ(principal->user_name, "");
  EXPECT_EQ(principal->issuer_name, "alice");
  EXPECT_EQ(principal->tags, (std::vector<auth::Tag>{{"Floor", "1"}, {"TEAM", "red"}}));
  change([](Account& account) { account.users.clear(); });
  EXPECT_EQ(find(federated), nullptr);
}

TEST_F(CredentialsTest, AStrangersSessionIsNobodysWhereAccessIsControlled) {
  NewSession session;
  session.type = PrincipalType::kUser;
  session.issuer_arn = "arn:aws:iam::123456789012:user/any";
  EXPECT_FALSE(credentials_.issue(session, account_.random).ok());
  session.in_open_mode = true;
  const IssuedSession issued = issue(session);
  EXPECT_EQ(issued.principal->user_name, "any");
  EXPECT_EQ(find(issued), nullptr);
  account_.put_user("any");
  EXPECT_EQ(find(issued), nullptr);
}

TEST_F(CredentialsTest, ManySessionsAreForgottenAndFoundAgain) {
  const Role role = account_.put_role("runner");
  NewSession session;
  session.issuer_arn = role.arn;
  std::vector<IssuedSession> all;
  for (int i = 0; i < 10'000; ++i) all.push_back(issue(session));
  for (int round = 0; round < 2; ++round) {
    for (const IssuedSession& one : all) ASSERT_NE(find(one), nullptr);
  }
}

TEST_F(CredentialsTest, PoliciesOfAUser) {
  const AccessKey key = account_.put_user("alice");
  const auto principal = credentials_.find(key.access_key_id, "")->principal;
  EXPECT_TRUE(credentials_.policies_of(principal)->identity.empty());
  change([&](Account& account) {
    Group group = make_entity<Group>("AGPA", "group", "Writers", account_.random);
    group.grants.inline_policies["w"] = document_of(kAllowAll, policy::DocumentKind::kIdentity);
    account.groups["writers"] = std::make_shared<const Group>(group);
  });
  edit_user("alice", [](User& user) {
    user.groups = {"writers", "gone"};
    user.grants.inline_policies["own"] = document_of(kAllowAll, policy::DocumentKind::kIdentity);
    user.grants.attached_policies = {"arn:aws:iam::aws:policy/ReadOnlyAccess"};
    user.grants.boundary_arn = "arn:aws:iam::aws:policy/PowerUserAccess";
  });
  const auto policies = credentials_.policies_of(principal);
  const Account& account = *account_.store->account();
  EXPECT_EQ(policies->identity,
            (std::vector{account.find_user("alice")->grants.inline_policies.at("own").policy,
                         default_policy(account, "arn:aws:iam::aws:policy/ReadOnlyAccess"),
                         account.find_group("writers")->grants.inline_policies.at("w").policy}));
  EXPECT_EQ(policies->boundary, default_policy(account, "arn:aws:iam::aws:policy/PowerUserAccess"));
  EXPECT_FALSE(policies->has_session);
  EXPECT_FALSE(policies->unrestricted);
  EXPECT_EQ(credentials_.policies_of(principal), policies);
  edit_user("alice", [](User& user) { user.groups.clear(); });
  EXPECT_EQ(credentials_.policies_of(principal)->identity.size(), 2u);
  edit_user("alice", [](User& user) { user.grants.boundary_arn = "arn:gone"; });
  const auto bounded = credentials_.policies_of(principal);
  ASSERT_NE(bounded->boundary, nullptr);
  EXPECT_TRUE(bounded->boundary->statements.empty());
}

TEST_F(CredentialsTest, PoliciesOfASession) {
  const Role role = account_.put_role("runner");
  NewSession session;
  session.issuer_arn = role.arn;
  session.policies_json = {std::string(kAllowAll)};
  session.policy_arns = {"arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:gone"};
  const auto policies = credentials_.policies_of(find(issue(session))->principal);
  EXPECT_TRUE(policies->has_session);
  EXPECT_EQ(policies->session.size(), 2u);
  session.policies_json.clear();
  session.policy_arns.clear();
  EXPECT_FALSE(credentials_.policies_of(find(issue(session))->principal)->has_session);

  session.type = PrincipalType::kFederatedUser;
  session.issuer_arn = root_arn(kTestAccountId);
  session.session_name = "guest";
  const auto guest = credentials_.policies_of(find(issue(session))->principal);
  EXPECT_FALSE(guest->unrestricted);
  EXPECT_TRUE(guest->has_session);
  EXPECT_TRUE(guest->session.empty());
  EXPECT_EQ(guest->identity.size(), 1u);
}

TEST_F(CredentialsTest, PoliciesOfOthers) {
  EXPECT_TRUE(
      credentials_.policies_of(auth::service_principal("lambda.amazonaws.com"))->unrestricted);
  const auto nobody = credentials_.policies_of(auth::anonymous_principal());
  EXPECT_FALSE(nobody->unrestricted);
  EXPECT_TRUE(nobody->identity.empty());
}

TEST(SessionToken, HoldsEverything) {
  Random random = Random::from_system();
  const SecretBox box = SecretBox::with_new_key(random);
  const SessionContent content{
      "ASIAX", "secret",   PrincipalType::kFederatedUser, "arn", "id", "name", 10, 20,
      {"{}"},  {"a", "b"}, {{"k", "v"}, {"l", ""}}};
  const std::string token = write_session_token(content, box);
  EXPECT_EQ(read_session_token(token, box), content);
  EXPECT_EQ(token.find("secret"), std::string::npos);
  EXPECT_EQ(read_session_token(token, SecretBox::with_new_key(random)), std::nullopt);
  for (size_t size = 0; size < token.size(); ++size) {
    EXPECT_EQ(read_session_token(token.substr(0, size), box), std::nullopt) << size;
  }
}

TEST(Identifiers, HaveTheirForm) {
  Random random = Random::from_system();
  std::set<std::string> ids;
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = make_entity_id("AIDA", random);
    ASSERT_EQ(id.size(), 21u);
    ASSERT_EQ(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), std::string::npos);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 1'000u);
  EXPECT_EQ(entity_arn("1", "user", "/a/b/", "n"), "arn:aws:iam::1:user/a/b/n");
  const AccessKey key = make_access_key(random, 7);
  EXPECT_EQ(key.access_key_id.size(), 20u);
  EXPECT_EQ(key.secret_access_key.size(), 40u);
  EXPECT_TRUE(key.active);
  EXPECT_EQ(key.created_seconds, 7);
}

}  // namespace
}  // namespace millrace::iam
