#include "iam/account_store.h"

#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "engine/rocksdb/rocksdb_engine.h"
#include "engine/temporary_directory_testing.h"
#include "iam/account_encoding.h"
#include "iam/account_testing.h"
#include "iam/aws_managed_policies.h"

namespace millrace::iam {
namespace {

using Entries = std::map<Bytes, Bytes>;

Entries entries_of(engine::Engine& engine) {
  Entries entries;
  EXPECT_TRUE(engine
                  .scan(catalog::kAccessPartition, {{}, std::nullopt}, engine::Direction::kForward,
                        [&](ByteView key, ByteView value) {
                          entries.emplace(key, value);
                          return true;
                        })
                  .ok());
  return entries;
}

void put(engine::Engine& engine, const Bytes& key, const Bytes& value) {
  std::promise<Status> done;
  engine.commit({{catalog::kAccessPartition, {engine::Put{key, value}}, {}}},
                [&](Status status) { done.set_value(std::move(status)); });
  ASSERT_TRUE(done.get_future().get().ok());
}

// Something of every kind.
Status fill(Account& account, Random& random) {
  using policy::DocumentKind;
  ManagedPolicy managed = make_entity<ManagedPolicy>("ANPA", "policy", "Managed", random);
  managed.versions = {{"v1", document_of(kAllowAll, DocumentKind::kIdentity), 7},
                      {"v3", document_of(kAllowAll, DocumentKind::kIdentity), 9}};
  managed.default_version = "v3";
  managed.next_version = 4;
  managed.updated_seconds = 9;
  managed.description = "What it is for \"quoted\"";
  User user = make_entity<User>("AIDA", "user", "Alice", random);
  user.tags = {{"Team", "blue"}, {"empty", ""}};
  user.grants.inline_policies["own"] = document_of(kAllowAll, DocumentKind::kIdentity);
  user.grants.attached_policies = {managed.arn, "arn:aws:iam::aws:policy/ReadOnlyAccess"};
  user.grants.boundary_arn = managed.arn;
  user.access_keys = {make_access_key(random, 5), make_access_key(random, 6)};
  user.access_keys[1].active = false;
  user.groups = {"writers"};
  Group group = make_entity<Group>("AGPA", "group", "Writers", random);
  group.grants.inline_policies["w"] = document_of(kAllowAll, DocumentKind::kIdentity);
  Role role = make_entity<Role>("AROA", "role", "Runner", random);
  role.trust = document_of(kTrustLambda, DocumentKind::kRoleTrust);
  role.description = "Runs";
  role.session_seconds_max = 43'200;
  account.alias = "mill";
  account.root_key = make_access_key(random, 4);
  account.users["alice"] = std::make_shared<const User>(std::move(user));
  account.groups["writers"] = std::make_shared<const Group>(std::move(group));
  account.roles["runner"] = std::make_shared<const Role>(std::move(role));
  account.policies[managed.arn] = std::make_shared<const ManagedPolicy>(managed);
  return Done{};
}

void expect_same(const AccessKey& one, const AccessKey& other) {
  EXPECT_EQ(one.access_key_id, other.access_key_id);
  EXPECT_EQ(one.secret_access_key, other.secret_access_key);
  EXPECT_EQ(one.active, other.active);
  EXPECT_EQ(one.created_seconds, other.created_seconds);
}

void expect_same(const Account& one, const Account& other) {
  EXPECT_EQ(one.alias, other.alias);
  expect_same(one.root_key.value(), other.root_key.value());
  const User& user = *other.find_user("ALICE");
  const User& expected = *one.find_user("Alice");
  EXPECT_EQ(user.arn, expected.arn);
  EXPECT_EQ(user.id, expected.id);
  EXPECT_EQ(user.tags, expected.tags);
  EXPECT_EQ(user.groups, expected.groups);
  EXPECT_EQ(user.grants.boundary_arn, expected.grants.boundary_arn);
  EXPECT_EQ(user.grants.attached_policies, expected.grants.attached_policies);
  EXPECT_EQ(user.grants.inline_policies.at("own").json, kAllowAll);
  EXPECT_NE(user.grants.inline_policies.at("own").policy, nullptr);
  ASSERT_EQ(user.access_keys.size(), 2u);
  for (size_t i = 0; i < 2; ++i) expect_same(user.access_keys[i], expected.access_keys[i]);
  EXPECT_EQ(write_group(*one.find_group("writers")), write_group(*other.find_group("WRITERS")));
  EXPECT_EQ(write_role(*one.find_role("runner")), write_role(*other.find_role("Runner")));
  const std::string arn = "arn:aws:iam::123456789012:policy/Managed";
  EXPECT_EQ(write_managed_policy(*one.find_policy(arn)),
            write_managed_policy(*other.find_policy(arn)));
}

TEST(AccountStore, WhatIsStoredComesBack) {
  const engine::TemporaryDirectory directory;
  Random random = Random::from_system();
  const std::string key_file = directory.path() + "/access.key";
  engine::RocksdbOptions options;
  options.directory = directory.path() + "/data";
  AccountPointer before;
  {
    const SecretBox box = SecretBox::open(key_file, random).value();
    auto engine = engine::open_rocksdb_engine(options).value();
    auto store = AccountStore::open(*engine, box, kTestAccountId).value();
    ASSERT_TRUE(
        change_and_wait(*store, [&](Account& account) { return fill(account, random); }).ok());
    before = store->account();
  }
  const SecretBox box = SecretBox::open(key_file, random).value();
  auto engine = engine::open_rocksdb_engine(options).value();
  auto store = AccountStore::open(*engine, box, kTestAccountId).value();
  expect_same(*before, *store->account());
  EXPECT_EQ(store->account()->policies.size(), aws_managed_policies().size() + 1);

  ASSERT_TRUE(change_and_wait(*store, [](Account& account) -> Status {
                account.users.clear();
                account.root_key.reset();
                return Done{};
              }).ok());
  store = nullptr;
  store = AccountStore::open(*engine, box, kTestAccountId).value();
  EXPECT_EQ(store->account()->find_user("alice"), nullptr);
  EXPECT_NE(store->account()->find_group("writers"), nullptr);
  EXPECT_FALSE(store->account()->root_key.has_value());
}

TEST(AccountStore, SecretsAreNotStoredInTheClear) {
  TestAccount test;
  ASSERT_TRUE(change_and_wait(*test.store, [&](Account& account) {
                return fill(account, test.random);
              }).ok());
  const AccountPointer account = test.store->account();
  for (const auto& [key, value] : entries_of(*test.engine)) {
    for (const AccessKey& access_key : account->find_user("alice")->access_keys) {
      EXPECT_EQ(value.find(access_key.secret_access_key), Bytes::npos) << key;
    }
    EXPECT_EQ(value.find(account->root_key->secret_access_key), Bytes::npos) << key;
    EXPECT_EQ(value.find("iam::aws:policy/AdministratorAccess"), Bytes::npos) << key;
  }
}

TEST(AccountStore, WritesWhatDiffersAlone) {
  TestAccount test;
  ASSERT_TRUE(change_and_wait(*test.store, [&](Account& account) {
                return fill(account, test.random);
              }).ok());
  test.put_user("bob");
  const Entries before = entries_of(*test.engine);
  ASSERT_TRUE(change_and_wait(*test.store, [](Account& account) -> Status {
                User user = *account.users.at("alice");
                user.tags["new"] = "tag";
                account.users["alice"] = std::make_shared<const User>(user);
                account.groups.erase("writers");
                return Done{};
              }).ok());
  // A user that is written anew has secrets that are sealed anew.
  Entries expected = before;
  expected.erase("g/writers");
  const Entries now = entries_of(*test.engine);
  EXPECT_NE(now.at("u/alice"), expected.at("u/alice"));
  expected["u/alice"] = now.at("u/alice");
  EXPECT_EQ(now, expected);
}

TEST(AccountStore, ARefusedChangeChangesNothing) {
  TestAccount test;
  test.put_user("bob");
  const Entries before = entries_of(*test.engine);
  const AccountPointer account = test.store->account();
  const uint64_t version = test.store->version();
  const auto status = change_and_wait(*test.store, [](Account& changed) -> Status {
    changed.users.clear();
    return Error{ErrorCode::kDeleteConflict, "no"};
  });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "no");
  EXPECT_TRUE(change_and_wait(*test.store, [](Account&) -> Status { return Done{}; }).ok());
  EXPECT_EQ(test.store->account(), account);
  EXPECT_EQ(test.store->version(), version);
  EXPECT_EQ(entries_of(*test.engine), before);
  test.put_user("carol");
  EXPECT_GT(test.store->version(), version);
}

TEST(AccountStore, ChangesSeeThoseBefore) {
  TestAccount test;
  test.put_user("bob");
  constexpr int kChanges = 200;
  std::atomic<int> done = 0;
  for (int i = 0; i < kChanges; ++i) {
    test.store->change(
        [](Account& account) -> Status {
          User user = *account.users.at("bob");
          ++user.created_seconds;
          account.users["bob"] = std::make_shared<const User>(user);
          return Done{};
        },
        [&](const Status& status) { done += status.ok() ? 1 : 0; });
  }
  test.store = nullptr;
  EXPECT_EQ(done, kChanges);
  test.store = AccountStore::open(*test.engine, test.box, kTestAccountId).value();
  EXPECT_EQ(test.store->account()->find_user("bob")->created_seconds, 1'000'000 + kChanges);
}

class Unreadable : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(change_and_wait(*test_.store, [&](Account& account) {
                  return fill(account, test_.random);
                }).ok());
    test_.store = nullptr;
  }
  std::string error(const SecretBox& box, const char* account_id = kTestAccountId) {
    const auto store = AccountStore::open(*test_.engine, box, account_id);
    return store.ok() ? "" : store.error().message;
  }

  TestAccount test_;
};

TEST_F(Unreadable, WithAnotherKey) {
  EXPECT_NE(error(SecretBox::with_new_key(test_.random)).find("key file"), std::string::npos);
  EXPECT_EQ(error(test_.box), "");
}

TEST_F(Unreadable, WithAnotherAccount) {
  EXPECT_NE(error(test_.box, "000000000000").find("account_id is 000000000000"), std::string::npos);
}

TEST_F(Unreadable, WhenDamaged) {
  const Entries entries = entries_of(*test_.engine);
  EXPECT_EQ(entries.size(), 6u);
  for (const auto& [key, value] : entries) {
    for (const Bytes& damaged : {Bytes(), Bytes("{}"), Bytes("[]"),
                                 value.substr(0, value.size() / 2), Bytes("{\"a\":1}")}) {
      put(*test_.engine, key, damaged);
      EXPECT_NE(error(test_.box), "") << key << " " << damaged;
    }
    put(*test_.engine, key, value);
  }
  EXPECT_EQ(error(test_.box), "");
  // The secret of one key does not open as that of another.
  User user = read_user(entries.at("u/alice"), test_.box).value();
  Bytes swapped = entries.at("u/alice");
  const std::string& first = user.access_keys[0].access_key_id;
  swapped.replace(swapped.find(first), first.size(), user.access_keys[1].access_key_id);
  put(*test_.engine, "u/alice", swapped);
  EXPECT_NE(error(test_.box), "");
}

TEST_F(Unreadable, InTheWrongPlace) {
  const Entries entries = entries_of(*test_.engine);
  for (const char* key : {"u/bob", "r/alice", "x/alice", "unknown"}) {
    put(*test_.engine, key, entries.at("u/alice"));
    EXPECT_NE(error(test_.box), "") << key;
    std::promise<void> done;
    test_.engine->commit({{catalog::kAccessPartition, {engine::Erase{key}}, {}}},
                         [&](const Status&) { done.set_value(); });
    done.get_future().get();
  }
  EXPECT_EQ(error(test_.box), "");
}

}  // namespace
}  // namespace millrace::iam
