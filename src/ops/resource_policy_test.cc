#include <future>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "engine/memory/memory_engine.h"
#include "json/writer.h"
#include "ops/create_table.h"
#include "ops/delete_resource_policy.h"
#include "ops/delete_table.h"
#include "ops/get_resource_policy.h"
#include "ops/put_resource_policy.h"
#include "ops/update_table.h"

namespace millrace::ops {
namespace {

using testing::HasSubstr;

constexpr const char* kTable = "arn:aws:dynamodb:us-east-1:000000000000:table/Music";
constexpr const char* kInvalid = "One or more parameter values were invalid: ";
constexpr const char* kNotFound = "Resource-based policy not found for the provided ResourceArn: ";

std::string policy(std::string_view action, std::string_view effect = "Allow",
                   std::string_view principal = R"({"AWS":"000000000000"})",
                   std::string_view resource = "*") {
  return fmt::format(
      R"({{"Version":"2012-10-17","Statement":[{{"Effect":"{}","Principal":{},"Action":"{}","Resource":"{}"}}]}})",
      effect, principal, action, resource);
}

// The members of a JSON object; a value that begins with '=' is not a text.
std::string object(std::initializer_list<std::pair<std::string_view, std::string>> members) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  for (const auto& [name, value] : members) {
    writer.key(name);
    value.starts_with('=') ? writer.raw(value.substr(1)) : writer.string(value);
  }
  writer.end_object();
  return out;
}

class ResourcePolicies : public testing::Test {
 protected:
  ResourcePolicies() {
    auth::Principal principal;
    principal.type = auth::PrincipalType::kUser;
    principal.account_id = "000000000000";
    principal.arn = "arn:aws:iam::000000000000:user/alice";
    alice_ = std::make_shared<const auth::Principal>(std::move(principal));
  }

  // The answer, or the error's name and message.
  std::string call(Operation operation, const std::string& body) {
    const auto document = json::Document::parse(body).value();
    std::promise<Result<std::string>> answered;
    Call call{*database_, document.root().get_object().value(), ""};
    call.principal = alice_;
    operation(call, [&](Result<std::string> answer) { answered.set_value(std::move(answer)); });
    const auto answer = answered.get_future().get();
    if (answer.ok()) return *answer;
    return fmt::format("{}: {}", error_name(answer.error().code), answer.error().message);
  }
  std::string create(const std::string& policy_text = "") {
    const std::string policy_member =
        policy_text.empty() ? "" : "," + object({{"ResourcePolicy", policy_text}}).substr(1);
    return call(create_table,
                R"({"TableName":"Music","BillingMode":"PAY_PER_REQUEST",
                    "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
                    "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
                    "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"})" +
                    (policy_text.empty() ? "}" : policy_member));
  }
  std::string put(const std::string& arn, const std::string& text,
                  const std::string& expected = "") {
    clock_.advance_microseconds(1'000);
    if (expected.empty()) {
      return call(put_resource_policy, object({{"ResourceArn", arn}, {"Policy", text}}));
    }
    return call(put_resource_policy,
                object({{"ResourceArn", arn}, {"Policy", text}, {"ExpectedRevisionId", expected}}));
  }
  std::string get(const std::string& arn) {
    return call(answer_at_once<get_resource_policy>, object({{"ResourceArn", arn}}));
  }
  std::string remove(const std::string& arn) {
    return call(delete_resource_policy, object({{"ResourceArn", arn}}));
  }
  [[nodiscard]] std::string stream_arn() const {
    return catalog::stream_arn({}, "Music", catalog_->find_table("Music")->latest_stream->label);
  }
  static std::string revision(int64_t milliseconds) {
    return object({{"RevisionId", std::to_string(milliseconds)}});
  }
  static std::string answer(const std::string& text, int64_t milliseconds) {
    return object({{"Policy", text}, {"RevisionId", std::to_string(milliseconds)}});
  }
  void reopen() {
    database_.reset();
    catalog_ = catalog::Catalog::open(*engine_, {}).value();
    database_ = Database::open(*engine_, *catalog_, clock_, random_, random_).value();
  }

  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  ManualClock clock_{1'000'000};
  Random random_{1};
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(*engine_, {}).value();
  std::unique_ptr<Database> database_ =
      Database::open(*engine_, *catalog_, clock_, random_, random_).value();
  auth::PrincipalPointer alice_;
};

TEST_F(ResourcePolicies, ArePutReadAndDeleted) {
  create();
  EXPECT_EQ(get(kTable), std::string("PolicyNotFoundException: ") + kNotFound + kTable);
  EXPECT_EQ(remove(kTable), "{}");
  const std::string root = R"({"AWS":"arn:aws:iam::000000000000:root"})";
  const std::string reads = policy("dynamodb:GetItem", "Allow", root);
  EXPECT_EQ(put(kTable, policy("dynamodb:GetItem")), revision(1'001));
  EXPECT_EQ(get(kTable), answer(reads, 1'001));
  EXPECT_EQ(put(kTable, " " + reads), revision(1'001));
  EXPECT_EQ(put(kTable, policy("dynamodb:PutItem")), revision(1'003));
  clock_.advance_microseconds(-100'000);
  EXPECT_EQ(put(kTable, reads), revision(1'004));
  EXPECT_EQ(remove(kTable), revision(1'004));
  EXPECT_EQ(get(kTable), std::string("PolicyNotFoundException: ") + kNotFound + kTable);
}

TEST_F(ResourcePolicies, RevisionsCanBeExpected) {
  create();
  const std::string before = std::string("PolicyNotFoundException: ") + kNotFound;
  EXPECT_EQ(put(kTable, policy("dynamodb:GetItem"), "7"),
            before +
                "Requested update for policy with revision id 7, but table Music has no "
                "associated policy.");
  EXPECT_EQ(put(kTable, policy("dynamodb:GetItem"), "NO_POLICY"), revision(1'002));
  EXPECT_EQ(put(kTable, policy("dynamodb:PutItem"), "NO_POLICY"),
            before +
                "Requested policy update expecting none to be present for table Music, but a "
                "policy exists with revision id 1002.");
  EXPECT_EQ(put(kTable, policy("dynamodb:PutItem"), "1002"), revision(1'004));
  EXPECT_EQ(call(delete_resource_policy,
                 object({{"ResourceArn", kTable}, {"ExpectedRevisionId", "1002"}})),
            before +
                "Requested update for policy with revision id 1002, but the policy "
                "associated to target table Music has revision id 1004.");
  EXPECT_THAT(get(kTable), HasSubstr("1004"));
}

TEST_F(ResourcePolicies, OfAStreamIsItsOwnAndStays) {
  create();
  const std::string stream = stream_arn();
  EXPECT_THAT(put(stream, policy("dynamodb:GetItem")),
              HasSubstr("The following action names are invalid: \"dynamodb:GetItem\""));
  EXPECT_EQ(put(stream, policy("dynamodb:GetRecords")), revision(1'002));
  EXPECT_THAT(get(kTable), HasSubstr("PolicyNotFound"));
  put(kTable, policy("dynamodb:GetItem"));
  call(update_table, R"({"TableName":"Music","StreamSpecification":{"StreamEnabled":false}})");
  reopen();
  EXPECT_THAT(get(stream), HasSubstr("dynamodb:GetRecords"));
  EXPECT_THAT(get(kTable), HasSubstr("dynamodb:GetItem"));
  ASSERT_NE(catalog_->find_table("Music")->resource_policy, nullptr);
  EXPECT_NE(catalog_->find_table("Music")->latest_stream->resource_policy, nullptr);
}

TEST_F(ResourcePolicies, GoWithTheTable) {
  EXPECT_THAT(create(policy("dynamodb:GetItem")), HasSubstr("TableDescription"));
  EXPECT_THAT(get(kTable), HasSubstr("dynamodb:GetItem"));
  const std::string first = stream_arn();
  put(first, policy("dynamodb:GetRecords"));
  call(update_table, R"({"TableName":"Music","StreamSpecification":{"StreamEnabled":false}})");
  call(update_table, R"({"TableName":"Music","StreamSpecification":{"StreamEnabled":true,
                         "StreamViewType":"KEYS_ONLY"}})");
  const std::string second = stream_arn();
  put(second, policy("dynamodb:GetRecords"));
  call(delete_table, R"({"TableName":"Music"})");
  EXPECT_EQ(get(kTable),
            "ResourceNotFoundException: Requested resource not found: Table: Music not found");
  for (const std::string& stream : {first, second}) {
    EXPECT_EQ(get(stream), "PolicyNotFoundException: " + (kNotFound + stream));
  }
  create();
  EXPECT_THAT(get(kTable), HasSubstr("PolicyNotFound"));
  EXPECT_THAT(put(first, policy("dynamodb:GetRecords")), HasSubstr("not found for Table: Music"));
}

TEST_F(ResourcePolicies, MayNotLockTheirAuthorOut) {
  create();
  const std::string deny = policy("dynamodb:Put*", "Deny", "\"*\"");
  EXPECT_EQ(put(kTable, deny),
            "AccessDeniedException: The new resource policy will not allow you to update the "
            "resource policy in the future.");
  EXPECT_EQ(call(put_resource_policy, object({{"ResourceArn", kTable},
                                              {"Policy", deny},
                                              {"ConfirmRemoveSelfResourceAccess", "=true"}})),
            revision(1'001));
  // Of somebody else it is nobody's business.
  EXPECT_EQ(
      put(kTable, policy("dynamodb:*", "Deny", R"({"AWS":"arn:aws:iam::000000000000:user/bob"})")),
      revision(1'002));
}

TEST_F(ResourcePolicies, AreCheckedAsTheServiceDoes) {
  create();
  const std::string before = std::string("ValidationException: ") + kInvalid;
  const std::string stream = std::string(kTable) + "/stream/x";
  struct Case {
    std::string text;
    std::string error;
  };
  for (const Case& each : std::vector<Case>{
           {"{}", before + "Invalid policy document: Syntax error at position (1,3)"},
           {policy("dynamodb:GetItem", "Allow", R"({"AWS":"alice"})"),
            before + "Invalid principal in policy document."},
           {policy("dynamodb:GetItem", "Allow", "\"*\""),
            "ValidationException: Resource-based policy grants unbounded access in one or more "
            "elements. Please revise the policy to ensure least-privilege form of access"},
           {policy("lambda:*"), before + "Invalid policy document: The following action names are "
                                         "invalid: \"lambda:*\""},
           {policy("dynamodb:GetItem", "Deny", "\"*\"", stream),
            before +
                "Invalid policy document: The relative-id \"table/Music/stream/x\" is invalid "
                "for ARN \"" +
                stream + "\""},
           {policy("dynamodb:GetItem") + std::string(20'480, ' '),
            before + "Maximum policy size of 20480 bytes exceeded"},
       }) {
    EXPECT_EQ(put(kTable, each.text), each.error) << each.text;
  }
  for (const std::string& resource : {std::string(kTable) + "/index/*", std::string("arn:aws:*"),
                                      std::string("arn:aws:dynamodb:*:*:table/Other")}) {
    EXPECT_THAT(put(kTable, policy("dynamodb:Query", "Deny", "\"*\"", resource)),
                HasSubstr("RevisionId"));
  }
}

TEST_F(ResourcePolicies, ResourceArns) {
  const std::string before = std::string("ValidationException: ") + kInvalid;
  const std::string site = "arn:aws:dynamodb:us-east-1:000000000000:";
  EXPECT_EQ(get("name"), before + "ARNs must start with 'arn:': name");
  EXPECT_EQ(get("arn:aws:dynamodb:us-east-1:111122223333:table/t"),
            "ValidationException: This action is only supported by accounts that match the "
            "resource owner\u2019s account.");
  EXPECT_EQ(get("arn:aws:dynamodb:eu-west-1:000000000000:table/t"),
            before + "Invalid resource Arn: arn:aws:dynamodb:eu-west-1:000000000000:table/t");
  EXPECT_EQ(get(site + "table/t/index/i"),
            before +
                "Invalid resource arn provided, only table or stream is accepted. Provided "
                "resource arn: " +
                site + "table/t/index/i");
  EXPECT_EQ(get(site + "table/t/backup/b"),
            before + "Provided Arn is not a DynamoDB resource arn: " + site + "table/t/backup/b");
}

}  // namespace
}  // namespace millrace::ops
