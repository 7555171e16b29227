#include "iam/operations/operations_testing.h"

namespace millrace::iam {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class UsersTest : public OperationsTest {};

TEST_F(UsersTest, AreMadeAndShown) {
  const std::string made =
      run(create_user, R"({"UserName":"Alice","Path":"/a/","Tags":[{"Key":"team","Value":"x"}]})");
  EXPECT_THAT(made, HasSubstr(R"({"User":{"Path":"/a/","UserName":"Alice","UserId":"AIDA)"));
  EXPECT_THAT(made, HasSubstr(R"("Arn":"arn:aws:iam::000000000000:user/a/Alice",)"
                              R"("CreateDate":"2026-01-02T03:04:05Z",)"
                              R"("Tags":[{"Key":"team","Value":"x"}]}})"));
  EXPECT_EQ(run(get_user, R"({"UserName":"aLICE"})"), made);
  EXPECT_EQ(run(create_user, R"({"UserName":"alice"})"),
            "EntityAlreadyExists: User with name alice already exists.");
  EXPECT_EQ(run(get_user, R"({"UserName":"bob"})"),
            "NoSuchEntity: The user with name bob cannot be found.");
}

TEST_F(UsersTest, WithoutANameAreTheCaller) {
  EXPECT_THAT(run(get_user, "{}"), HasSubstr(R"("Arn":"arn:aws:iam::000000000000:root")"));
  caller_.type = auth::PrincipalType::kAssumedRole;
  EXPECT_EQ(run(get_user, "{}"),
            "ValidationException: Must specify userName when calling with non-User credentials");
  caller_.type = auth::PrincipalType::kUser;
  caller_.user_name = "carol";
  EXPECT_EQ(run(get_user, "{}"), "NoSuchEntity: The user with name carol cannot be found.");
  must(create_user, R"({"UserName":"carol"})");
  EXPECT_THAT(run(get_user, "{}"), HasSubstr(R"("UserName":"carol")"));
}

TEST_F(UsersTest, ListsHavePages) {
  for (const char* name : {"c", "B", "a", "d"}) {
    must(create_user, fmt::format(R"({{"UserName":"{}","Path":"/p/"}})", name));
  }
  must(create_user, R"({"UserName":"e"})");
  const std::string first = run(list_users, R"({"PathPrefix":"/p","MaxItems":3})");
  EXPECT_LT(first.find(R"("UserName":"a")"), first.find(R"("UserName":"B")"));
  EXPECT_THAT(first, Not(HasSubstr(R"("UserName":"d")")));
  EXPECT_THAT(first, HasSubstr(R"("IsTruncated":true,"Marker":"Yw=="})"));
  must(delete_user, R"({"UserName":"c"})");
  const std::string second = run(list_users, R"({"PathPrefix":"/p","Marker":"Yw=="})");
  EXPECT_THAT(second, HasSubstr(R"("UserName":"d")"));
  EXPECT_THAT(second, Not(HasSubstr(R"("UserName":"e")")));
  EXPECT_THAT(second, HasSubstr(R"("IsTruncated":false})"));
  EXPECT_EQ(run(list_users, R"({"Marker":"!"})"), "ValidationException: Invalid Marker.");
}

TEST_F(UsersTest, AreRenamed) {
  must(create_user, R"({"UserName":"a"})");
  must(create_user, R"({"UserName":"b"})");
  EXPECT_EQ(run(update_user, R"({"UserName":"a","NewUserName":"B"})"),
            "EntityAlreadyExists: User with name B already exists.");
  must(update_user, R"({"UserName":"a","NewUserName":"A","NewPath":"/x/"})");
  EXPECT_EQ(account_.users.size(), 2u);
  EXPECT_EQ(account_.find_user("a")->arn, "arn:aws:iam::000000000000:user/x/A");
}

TEST_F(UsersTest, WithAnythingLeftAreNotDeleted) {
  must(create_user, R"({"UserName":"a"})");
  must(create_group, R"({"GroupName":"G"})");
  must(add_user_to_group, R"({"UserName":"a","GroupName":"g"})");
  EXPECT_EQ(run(delete_user, R"({"UserName":"a"})"),
            "DeleteConflict: Cannot delete entity, must remove users from group first.");
  must(remove_user_from_group, R"({"UserName":"a","GroupName":"G"})");
  const std::string arn = must_create_policy("P");
  must(attach_policy<User>, R"({"UserName":"a","PolicyArn":")" + arn + "\"}");
  EXPECT_EQ(run(delete_user, R"({"UserName":"a"})"),
            "DeleteConflict: Cannot delete entity, must detach all policies first.");
  must(detach_policy<User>, R"({"UserName":"a","PolicyArn":")" + arn + "\"}");
  must(put_inline_policy<User>,
       R"({"UserName":"a","PolicyName":"i","PolicyDocument":")" + escaped(kAllowGet) + "\"}");
  EXPECT_EQ(run(delete_user, R"({"UserName":"a"})"),
            "DeleteConflict: Cannot delete entity, must delete policies first.");
  must(delete_inline_policy<User>, R"({"UserName":"a","PolicyName":"i"})");
  must(create_access_key, R"({"UserName":"a"})");
  EXPECT_EQ(run(delete_user, R"({"UserName":"a"})"),
            "DeleteConflict: Cannot delete entity, must delete access keys first.");
  must(delete_access_key, R"({"UserName":"a","AccessKeyId":")" +
                              account_.find_user("a")->access_keys.front().access_key_id + "\"}");
  EXPECT_EQ(run(delete_user, R"({"UserName":"a"})"), "");
  EXPECT_TRUE(account_.users.empty());
}

TEST_F(UsersTest, AccessKeys) {
  must(create_user, R"({"UserName":"a"})");
  EXPECT_THAT(run(create_access_key, R"({"UserName":"a"})"),
              HasSubstr(R"({"AccessKey":{"UserName":"a","AccessKeyId":"AKIA)"));
  must(create_access_key, R"({"UserName":"a"})");
  EXPECT_EQ(run(create_access_key, R"({"UserName":"a"})"),
            "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2");
  const std::string id = account_.find_user("a")->access_keys[0].access_key_id;
  EXPECT_EQ(
      run(update_access_key, R"({"UserName":"a","Status":"Expired","AccessKeyId":")" + id + "\"}"),
      "ValidationException: 1 validation error detected: Value 'Expired' at 'status' failed "
      "to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]");
  must(update_access_key, R"({"UserName":"a","Status":"Inactive","AccessKeyId":")" + id + "\"}");
  const std::string listed = run(list_access_keys, R"({"UserName":"a"})");
  EXPECT_THAT(listed, HasSubstr(id + R"(","Status":"Inactive")"));
  EXPECT_THAT(listed, Not(HasSubstr("Secret")));
  EXPECT_EQ(run(delete_access_key, R"({"UserName":"a","AccessKeyId":"AKIAAAAAAAAAAAAAAAAA"})"),
            "NoSuchEntity: The Access Key with id AKIAAAAAAAAAAAAAAAAA cannot be found.");
  EXPECT_EQ(run(get_access_key_last_used, R"({"AccessKeyId":")" + id + "\"}"),
            R"({"UserName":"a","AccessKeyLastUsed":{"ServiceName":"N/A","Region":"N/A"}})");
}

TEST_F(UsersTest, AccessKeysOfTheRoot) {
  EXPECT_THAT(run(create_access_key, "{}"), HasSubstr(R"({"AccessKey":{"AccessKeyId":"AKIA)"));
  EXPECT_EQ(run(create_access_key, "{}"),
            "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 1");
  must(delete_access_key, R"({"AccessKeyId":")" + account_.root_key.value().access_key_id + "\"}");
  EXPECT_FALSE(account_.root_key);
}

TEST_F(UsersTest, Tags) {
  must(create_user, R"({"UserName":"a","Tags":[{"Key":"Team","Value":"1"}]})");
  EXPECT_EQ(run(tag<User>, R"({"UserName":"a","Tags":[{"Key":"k","Value":""},)"
                           R"({"Key":"K","Value":""}]})"),
            "InvalidInput: Duplicate tag keys found. Please note that Tag keys are case "
            "insensitive.");
  EXPECT_EQ(run(tag<User>, R"({"UserName":"a","Tags":[{"Key":"AWS:x","Value":""}]})"),
            "InvalidInput: 'aws:' prefixed tag keys are not allowed for external use.");
  must(tag<User>, R"({"UserName":"a","Tags":[{"Key":"team","Value":"2"}]})");
  EXPECT_EQ(run(list_tags<User>, R"({"UserName":"a"})"),
            R"({"Tags":[{"Key":"team","Value":"2"}],"IsTruncated":false})");
  std::string many;
  for (int i = 0; i < 50; ++i) {
    many += fmt::format(R"({}{{"Key":"k{}","Value":"v"}})", i == 0 ? "" : ",", i);
  }
  EXPECT_EQ(run(tag<User>, R"({"UserName":"a","Tags":[)" + many + "]}"),
            "LimitExceeded: The number of tags has reached the maximum limit.");
  must(untag<User>, R"({"UserName":"a","TagKeys":["TEAM"]})");
  must(tag<User>, R"({"UserName":"a","Tags":[)" + many + "]}");
  const std::string page = run(list_tags<User>, R"({"UserName":"a","MaxItems":49})");
  EXPECT_THAT(page, HasSubstr(R"("IsTruncated":true,"Marker":"NDk="})"));
  EXPECT_EQ(run(list_tags<User>, R"({"UserName":"a","Marker":"NDk="})"),
            R"({"Tags":[{"Key":"k9","Value":"v"}],"IsTruncated":false})");
}

TEST_F(UsersTest, Groups) {
  must(create_user, R"({"UserName":"a"})");
  EXPECT_THAT(run(create_group, R"({"GroupName":"Staff","Path":"/x/"})"),
              HasSubstr(R"("Arn":"arn:aws:iam::000000000000:group/x/Staff")"));
  EXPECT_EQ(run(create_group, R"({"GroupName":"staff"})"),
            "EntityAlreadyExists: Group with name staff already exists.");
  must(add_user_to_group, R"({"UserName":"a","GroupName":"STAFF"})");
  EXPECT_EQ(run(delete_group, R"({"GroupName":"Staff"})"),
            "DeleteConflict: Cannot delete entity, must remove users from group first.");
  must(update_group, R"({"GroupName":"Staff","NewGroupName":"People"})");
  EXPECT_THAT(run(list_groups_for_user, R"({"UserName":"a"})"),
              HasSubstr(R"("GroupName":"People")"));
  EXPECT_THAT(run(get_group, R"({"GroupName":"people"})"), HasSubstr(R"("Users":[{"Path":"/")"));
  EXPECT_EQ(run(get_group, R"({"GroupName":"staff"})"),
            "NoSuchEntity: The group with name staff cannot be found.");
  must(remove_user_from_group, R"({"UserName":"a","GroupName":"people"})");
  must(delete_group, R"({"GroupName":"people"})");
  for (int i = 0; i < 10; ++i) {
    must(create_group, fmt::format(R"({{"GroupName":"g{}"}})", i));
    must(add_user_to_group, fmt::format(R"({{"UserName":"a","GroupName":"g{}"}})", i));
  }
  must(create_group, R"({"GroupName":"g10"})");
  EXPECT_EQ(run(add_user_to_group, R"({"UserName":"a","GroupName":"g10"})"),
            "LimitExceeded: Cannot exceed quota for GroupsPerUser: 10");
}

}  // namespace
}  // namespace millrace::iam
