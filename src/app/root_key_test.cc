#include "app/root_key.h"

#include <gtest/gtest.h>

#include "iam/account_testing.h"

namespace millrace::app {
namespace {

constexpr const char* kId = "AKIAROOTROOTROOTROOT";
constexpr const char* kSecret = "secretsecretsecretsecret";

std::string error_of(const char* id, const char* secret) {
  const auto given = given_root_key(id, secret, 1);
  if (given.ok()) return "";
  EXPECT_EQ(given.error().code, ErrorCode::kInvalidConfiguration);
  return given.error().message;
}

TEST(RootKey, IsGivenWholeOrNotAtAll) {
  EXPECT_FALSE(given_root_key(nullptr, nullptr, 1).value().has_value());
  const auto given = given_root_key(kId, kSecret, 7).value();
  ASSERT_TRUE(given.has_value());
  EXPECT_EQ(given->access_key_id, kId);
  EXPECT_EQ(given->secret_access_key, kSecret);
  EXPECT_EQ(given->created_seconds, 7);
  EXPECT_EQ(error_of(kId, nullptr),
            "MILLRACE_ROOT_ACCESS_KEY_ID is set without MILLRACE_ROOT_SECRET_ACCESS_KEY: both are "
            "needed, or neither");
  EXPECT_TRUE(error_of(nullptr, kSecret).starts_with("MILLRACE_ROOT_SECRET_ACCESS_KEY is set "));
  for (const char* id : {"", "id", "AKIA/WITH/SLASHES/IN", "AKIAROOTROOTROOT ROOT"}) {
    EXPECT_NE(error_of(id, kSecret), "") << id;
  }
  EXPECT_NE(error_of(kId, "short"), "");
  EXPECT_EQ(error_of("my-root", "12345678"), "");
}

TEST(RootKey, IsMadeOnceAndShownOnce) {
  iam::TestAccount account;
  const auto made = ensure_root_key(*account.store, std::nullopt, account.random, 5).value();
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(account.store->account()->root_key->access_key_id, made->access_key_id);
  EXPECT_FALSE(
      ensure_root_key(*account.store, std::nullopt, account.random, 6).value().has_value());
  account.store = nullptr;
  account.store =
      iam::AccountStore::open(*account.engine, account.box, iam::kTestAccountId).value();
  EXPECT_EQ(account.store->account()->root_key->secret_access_key, made->secret_access_key);
  EXPECT_FALSE(
      ensure_root_key(*account.store, std::nullopt, account.random, 6).value().has_value());
}

TEST(RootKey, TheOneThatIsGivenReplacesAny) {
  iam::TestAccount account;
  ASSERT_TRUE(ensure_root_key(*account.store, std::nullopt, account.random, 5).ok());
  const auto given = given_root_key(kId, kSecret, 7).value();
  EXPECT_FALSE(ensure_root_key(*account.store, given, account.random, 7).value().has_value());
  EXPECT_EQ(account.store->account()->root_key->access_key_id, kId);
  const uint64_t version = account.store->version();
  EXPECT_TRUE(ensure_root_key(*account.store, given, account.random, 8).ok());
  EXPECT_EQ(account.store->version(), version) << "the same again is no change";
}

TEST(RootKey, IsNotAUsersToo) {
  iam::TestAccount account;
  const iam::AccessKey key = account.put_user("alice");
  const auto given = given_root_key(key.access_key_id.c_str(), kSecret, 7).value();
  EXPECT_FALSE(ensure_root_key(*account.store, given, account.random, 7).ok());
}

}  // namespace
}  // namespace millrace::app
