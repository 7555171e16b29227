#include "audit/identity_of.h"

#include <gtest/gtest.h>

#include "audit/identity_json.h"

namespace millrace::audit {
namespace {

using auth::Principal;
using auth::PrincipalType;

const catalog::Site kSite{"111122223333", "us-west-2"};

std::string shown(const Principal& principal) {
  std::string out;
  json::Writer writer(out);
  write_identity(writer, out, kSite, identity_of(principal));
  return out;
}

Principal principal(PrincipalType type, std::string id, std::string arn) {
  Principal made;
  made.type = type;
  made.account_id = "111122223333";
  made.access_key_id = "ASIAEXAMPLE";
  made.id = std::move(id);
  made.arn = std::move(arn);
  return made;
}

void give_session(Principal& made, std::string arn, std::string id, std::string name) {
  made.session_began_seconds = 1'602'000'025;
  made.issuer_arn = std::move(arn);
  made.issuer_id = std::move(id);
  made.issuer_name = std::move(name);
}

TEST(IdentityOf, NobodyAndAClaimedKey) {
  EXPECT_EQ(shown(*auth::anonymous_principal()),
            R"({"type":"AWSAccount","principalId":"","accountId":"ANONYMOUS_PRINCIPAL"})");
  Principal claimed = principal(PrincipalType::kUser, "", "");
  const std::string expected =
      R"({"type":"IAMUser","principalId":"ASIAEXAMPLE",)"
      R"("arn":"arn:aws:iam::111122223333:user/ASIAEXAMPLE","accountId":"111122223333",)"
      R"("accessKeyId":"ASIAEXAMPLE","userName":"ASIAEXAMPLE"})";
  EXPECT_EQ(shown(claimed), expected);
  claimed.user_name = claimed.id = claimed.access_key_id;
  EXPECT_EQ(shown(claimed), expected);
  EXPECT_EQ(identity_of(claimed), Identity{"ASIAEXAMPLE"});
}

TEST(IdentityOf, RefusedRequests) {
  Principal refused;
  refused.type = PrincipalType::kUnknown;
  refused.access_key_id = "AKIDMADEUP";
  EXPECT_EQ(shown(refused), R"({"type":"Unknown","accessKeyId":"AKIDMADEUP"})");
  EXPECT_EQ(identity_arn(kSite, identity_of(refused)), "");
}

TEST(IdentityOf, RootAndUsers) {
  EXPECT_EQ(
      shown(principal(PrincipalType::kRoot, "111122223333", "arn:aws:iam::111122223333:root")),
      R"({"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root",)"
      R"("accountId":"111122223333","accessKeyId":"ASIAEXAMPLE"})");
  const std::string arn = "arn:aws:iam::111122223333:user/team/alice";
  Principal alice = principal(PrincipalType::kUser, "AIDAALICE", arn);
  alice.user_name = "alice";
  const std::string user = R"({"type":"IAMUser","principalId":"AIDAALICE",)"
                           R"("arn":"arn:aws:iam::111122223333:user/team/alice",)"
                           R"("accountId":"111122223333","accessKeyId":"ASIAEXAMPLE",)"
                           R"("userName":"alice")";
  EXPECT_EQ(shown(alice), user + "}");
  EXPECT_EQ(identity_arn(kSite, identity_of(alice)), arn);
  // GetSessionToken: the session is her own.
  give_session(alice, arn, "AIDAALICE", "alice");
  EXPECT_EQ(shown(alice), user + R"(,"sessionContext":{"attributes":)"
                                 R"({"creationDate":"2020-10-06T16:00:25Z",)"
                                 R"("mfaAuthenticated":"false"}}})");
}

TEST(IdentityOf, SessionsOfRolesAndFederatedUsers) {
  Principal bob = principal(PrincipalType::kAssumedRole, "AROAADMIN:bob",
                            "arn:aws:sts::111122223333:assumed-role/admin-role/bob");
  bob.session_name = "bob";
  give_session(bob, "arn:aws:iam::444455556666:role/path/admin-role", "AROAADMIN", "admin-role");
  EXPECT_EQ(shown(bob),
            R"({"type":"AssumedRole","principalId":"AROAADMIN:bob",)"
            R"("arn":"arn:aws:sts::111122223333:assumed-role/admin-role/bob",)"
            R"("accountId":"111122223333","accessKeyId":"ASIAEXAMPLE","sessionContext":)"
            R"({"sessionIssuer":{"type":"Role","principalId":"AROAADMIN",)"
            R"("arn":"arn:aws:iam::444455556666:role/path/admin-role",)"
            R"("accountId":"444455556666","userName":"admin-role"},"attributes":)"
            R"({"creationDate":"2020-10-06T16:00:25Z","mfaAuthenticated":"false"}}})");
  Principal carol = principal(PrincipalType::kFederatedUser, "111122223333:carol",
                              "arn:aws:sts::111122223333:federated-user/carol");
  give_session(carol, "arn:aws:iam::111122223333:root", "111122223333", "");
  EXPECT_EQ(shown(carol),
            R"({"type":"FederatedUser","principalId":"111122223333:carol",)"
            R"("arn":"arn:aws:sts::111122223333:federated-user/carol",)"
            R"("accountId":"111122223333","accessKeyId":"ASIAEXAMPLE","sessionContext":)"
            R"({"sessionIssuer":{"type":"Root","principalId":"111122223333",)"
            R"("arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"},"attributes":)"
            R"({"creationDate":"2020-10-06T16:00:25Z","mfaAuthenticated":"false"}}})");
}

TEST(IdentityOf, Services) {
  EXPECT_EQ(shown(*auth::service_principal("lambda.amazonaws.com")),
            R"({"type":"AWSService","invokedBy":"lambda.amazonaws.com"})");
}

}  // namespace
}  // namespace millrace::audit
