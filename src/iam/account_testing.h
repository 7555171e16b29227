// An account for tests: its parts, and changes that are waited for.
#pragma once

#include <future>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "engine/memory/memory_engine.h"
#include "iam/account_store.h"
#include "iam/identifiers.h"

namespace millrace::iam {

inline constexpr const char* kTestAccountId = "123456789012";
inline constexpr std::string_view kAllowAll =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";
inline constexpr std::string_view kTrustLambda =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",)"
    R"("Principal":{"Service":"lambda.amazonaws.com"}}]})";

inline Status change_and_wait(AccountStore& store, AccountStore::Change change) {
  std::promise<Status> done;
  store.change(std::move(change), [&](Status status) { done.set_value(std::move(status)); });
  return done.get_future().get();
}

inline PolicyDocument document_of(std::string_view json, policy::DocumentKind kind) {
  auto read = policy::read_policy(json, kind);
  EXPECT_TRUE(read.ok()) << json;
  return {std::string(json), read.ok() ? *std::move(read) : nullptr};
}

template <typename T>
T make_entity(std::string_view prefix, std::string_view kind, std::string_view name,
              Random& random) {
  T entity;
  entity.name = name;
  entity.id = make_entity_id(prefix, random);
  entity.arn = entity_arn(kTestAccountId, kind, "/", name);
  entity.created_seconds = 1'000'000;
  return entity;
}

// A store in memory, and what it takes.
struct TestAccount {
  Random random = Random::from_system();
  SecretBox box = SecretBox::with_new_key(random);
  std::unique_ptr<engine::Engine> engine = engine::open_memory_engine();
  std::unique_ptr<AccountStore> store = AccountStore::open(*engine, box, kTestAccountId).value();

  // Lower-case names.
  AccessKey put_user(const std::string& name) {
    User user = make_entity<User>("AIDA", "user", name, random);
    const AccessKey key = make_access_key(random, 1'000'000);
    user.access_keys.push_back(key);
    put(std::move(user), name);
    return key;
  }
  void put(User user, const std::string& name) {
    EXPECT_TRUE(change_and_wait(*store, [&](Account& account) -> Status {
                  account.users[name] = std::make_shared<const User>(std::move(user));
                  return Done{};
                }).ok());
  }
  Role put_role(const std::string& name, std::string_view trust = kTrustLambda) {
    Role role = make_entity<Role>("AROA", "role", name, random);
    role.trust = document_of(trust, policy::DocumentKind::kRoleTrust);
    EXPECT_TRUE(change_and_wait(*store, [&](Account& account) -> Status {
                  account.roles[name] = std::make_shared<const Role>(role);
                  return Done{};
                }).ok());
    return role;
  }
};

}  // namespace millrace::iam
