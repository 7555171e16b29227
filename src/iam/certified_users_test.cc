#include "iam/certified_users.h"

#include "iam/account_testing.h"

namespace millrace::iam {
namespace {

TEST(CertifiedUsers, AreTheUsersOfTheAccount) {
  TestAccount account;
  account.put_user("alice");
  const CertifiedUsers users(*account.store);
  EXPECT_EQ(users.find_user("bob"), nullptr);
  const auto alice = users.find_user("alice");
  ASSERT_NE(alice, nullptr);
  EXPECT_EQ(alice->type, auth::PrincipalType::kUser);
  EXPECT_EQ(alice->arn, "arn:aws:iam::123456789012:user/alice");
  EXPECT_EQ(alice->access_key_id, "");
  account.put_user("bob");
  EXPECT_EQ(users.find_user("alice"), alice) << "is kept while she is as she was";

  account.put_user("alice");
  const auto another = users.find_user("alice");
  EXPECT_NE(another->id, alice->id);
  EXPECT_TRUE(change_and_wait(*account.store, [](Account& changed) -> Status {
                changed.users.erase("alice");
                return Done{};
              }).ok());
  EXPECT_EQ(users.find_user("alice"), nullptr);
}

}  // namespace
}  // namespace millrace::iam
