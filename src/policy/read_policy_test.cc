#include <gtest/gtest.h>

#include "policy/canonical_document.h"
#include "policy/decision.h"
#include "policy/question_testing.h"
#include "policy/statement.h"

namespace millrace::policy {
namespace {

std::string error_of(std::string_view text, DocumentKind kind) {
  const auto read = read_policy(quoted(text), kind);
  if (read.ok()) return "";
  EXPECT_EQ(read.error().code, ErrorCode::kMalformedPolicyDocument);
  return read.error().message;
}

// Of an identity policy with one statement of these elements.
std::string statement_error(const std::string& elements) {
  return error_of("{'Version':'2012-10-17','Statement':{" + elements + "}}",
                  DocumentKind::kIdentity);
}

constexpr const char* kSyntax = "Syntax errors in policy.";
constexpr const char* kResourceSyntax = "Invalid policy document: Syntax errors in policy.";
constexpr const char* kPrincipal = "Invalid principal in policy document.";
constexpr const char* kLegacy = "The policy failed legacy parsing";
constexpr const char* kVersion = "Policy document must be version 2012-10-17 or greater.";
constexpr const char* kVendor =
    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";

TEST(ReadPolicyTest, Documents) {
  const std::string good = "{'Effect':'Allow','Action':'a:b','Resource':'*'}";
  struct Case {
    std::string text;
    std::string error;
  };
  for (const Case& each : std::vector<Case>{
           {"{'Version':'2012-10-17','Id':'me','Statement':" + good + "}", ""},
           {"{'Version':'2012-10-17','Statement':[" + good + "," + good + "]}", ""},
           {"", kSyntax},
           {"not JSON", kSyntax},
           {"[]", kSyntax},
           {"{'Statement':" + good + "}", kVersion},
           {"{'Version':'2008-10-17','Statement':" + good + "}", kVersion},
           {"{'Version':'2013-10-17','Statement':" + good + "}", kSyntax},
           {"{'Version':'2012-10-17'}", kSyntax},
           {"{'Version':'2012-10-17','Statement':[]}", kSyntax},
           {"{'Version':'2012-10-17','Statement':['x']}", kSyntax},
           {"{'Version':'2012-10-17','Statement':" + good + ",'Extra':1}", kSyntax},
           {"{'Version':'2012-10-17','Id':{},'Statement':" + good + "}", kSyntax},
           {"{'Version':'2012-10-17','Version':'2012-10-17','Statement':" + good + "}", kSyntax},
           {"{'Version':'2012-10-17','Statement':[" + good + ",{'Effect':'Deny'}]}",
            "Policy statement must contain actions."},
       }) {
    EXPECT_EQ(error_of(each.text, DocumentKind::kIdentity), each.error) << each.text;
  }
}

TEST(ReadPolicyTest, Statements) {
  struct Case {
    std::string elements;
    std::string error;
  };
  const std::string ab = "'Effect':'Allow','Action':'a:b',";
  const std::string on_all = "'Resource':'*','Effect':'Allow',";
  for (const Case& each : std::vector<Case>{
           {ab + "'Resource':['*','arn:aws:s3:::x']", ""},
           {ab + "'NotResource':'arn:aws:s3:::x'", ""},
           {on_all + "'NotAction':['*','a: b ']", ""},
           {on_all + "'Action':'*:*'", ""},
           {ab + "'Resource':'*','Extra':1", kSyntax},
           {ab + "'Resource':'*','Resource':'*'", kSyntax},
           {ab + "'Resource':'*','NotResource':[]", kSyntax},
           {on_all + "'Action':'a:b','NotAction':[]", kSyntax},
           {on_all + "'Action':{}", kSyntax},
           {on_all + "'Action':[[]]", kSyntax},
           {on_all + "'Action':1", kSyntax},
           {"'Action':'a:b','Resource':'*'", kSyntax},
           {"'Effect':'Perhaps','Action':'a:b','Resource':'*'", kSyntax},
           {"'Effect':'denY','Action':'a:b','Resource':'*'", kLegacy},
           {"'Effect':'Allow'", "Policy statement must contain actions."},
           {on_all + "'Action':[]", "Policy statement must contain actions."},
           {on_all + "'Action':''", kVendor},
           {on_all + "'Action':'invalid'", kVendor},
           {on_all + "'NotAction':'b*'", kVendor},
           {on_all + "'Action':'a a:b'", "Vendor a a is not valid"},
           {on_all + "'Action':'a:b:c'", "Actions/Condition can contain only one colon."},
           {ab, "Policy statement must contain resources."},
           {ab + "'Resource':[]", "Policy statement must contain resources."},
           {"'Effect':'Allow','Action':'invalid'", kVendor},
           {ab + "'Resource':''", "Resource  must be in ARN format or \"*\"."},
           {ab + "'Resource':'x y'", "Resource x y must be in ARN format or \"*\"."},
           {ab + "'Resource':'a:b'",
            "Partition \"b\" is not valid for resource \"arn:b:*:*:*:*\"."},
           {ab + "'Resource':'a:b:c:d:e:f:g:h'",
            "Partition \"b\" is not valid for resource \"arn:b:c:d:e:f:g:h\"."},
           {ab + "'Resource':'aws:s3:::x'",
            "Partition \"s3\" is not valid for resource \"arn:s3:::x:*\"."},
           {ab + "'Resource':['arn:error:s3:::x','*']",
            "Partition \"error\" is not valid for resource \"arn:error:s3:::x\"."},
           {ab + "'Resource':'arn:aws'",
            "Resource vendor must be fully qualified and cannot contain regexes."},
           {ab + "'Resource':'arn:aws:x'", ""},
           {ab + "'Resource':'arn:aws:s3::x'", kLegacy},
           {ab + "'Resource':'arn:aws::x'", kLegacy},
           {ab + "'Resource':'arn:aws::::x'", kLegacy},
           {ab + "'Resource':'arn:aws:iam::${aws:x}:user/${aws:username}'", ""},
           {ab + "'Resource':'arn:aws:iam:us-east-1::user/x'",
            "IAM resource arn:aws:iam:us-east-1::user/x cannot contain region information."},
           {ab + "'Resource':'*','Sid':'a b'",
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the "
            "regular expression [0-9A-Za-z]*"},
           {ab + "'Resource':'*','Sid':[]", kSyntax},
           {ab + "'Resource':'*','Principal':'*'",
            "Policy document should not specify a principal."},
       }) {
    const std::string elements = each.elements.ends_with(',')
                                     ? each.elements.substr(0, each.elements.size() - 1)
                                     : each.elements;
    const std::string error = statement_error(elements);
    if (each.error == kVendor && !error.starts_with("Actions")) {
      EXPECT_EQ(error, kVendor) << elements;
    }
    EXPECT_EQ(error, each.error) << elements;
  }
  EXPECT_TRUE(statement_error(ab + "'Resource':'arn:aws:iam:::x'")
                  .starts_with("IAM resource path must either be \"*\" or start with user/, "));
}

TEST(ReadPolicyTest, Conditions) {
  const std::string before = "'Effect':'Allow','Action':'a:b','Resource':'*','Condition':";
  struct Case {
    const char* condition;
    const char* error;
  };
  for (const Case& each : std::initializer_list<Case>{
           {"{}", ""},
           {"{'DateGreaterThan':{}}", ""},
           {"{'DateGreaterThan':{'a':[]}}", ""},
           {"{'a':{}}", ""},
           {"{'Bool':{'a':true},'NumericLessThan':{'b':[1,2.5,'3']}}", ""},
           {"[]", kSyntax},
           {"'a'", kSyntax},
           {"{'a':'b'}", kSyntax},
           {"{'x':{'a':'1'}}", kSyntax},
           {"{'DateGreaterThan':{'a':{}}}", kSyntax},
           {"{'StringEquals':{'a':[null]}}", kSyntax},
           {"{'StringEquals':{'a':'1','a':'2'}}", kSyntax},
           {"{'StringEquals':{'a':'1'},'StringEquals':{'b':'1'}}", kSyntax},
           {"{'DateGreaterThan':{'a':'never'}}", kLegacy},
           {"{'NumericEquals':{'a':'x'}}", kLegacy},
       }) {
    EXPECT_EQ(statement_error(before + each.condition), each.error) << each.condition;
  }
}

TEST(ReadPolicyTest, IdsAreUnique) {
  const std::string two =
      "{'Version':'2012-10-17','Statement':[{'Sid':'x','Effect':'Allow','Principal':'*',"
      "'Action':'a:b','Resource':'*'},{'Sid':'x','Effect':'Allow','Principal':'*',"
      "'Action':'a:b','Resource':'*'}]}";
  EXPECT_EQ(error_of(two, DocumentKind::kResource),
            "Invalid policy document: The Statement Ids in the policy are not unique");
  std::string identity = two;
  for (size_t at = 0; (at = identity.find("'Principal':'*',")) != std::string::npos;) {
    identity.erase(at, 16);
  }
  EXPECT_EQ(error_of(identity, DocumentKind::kIdentity),
            "Statement IDs (SID) in a single policy must be unique.");
}

TEST(ReadPolicyTest, WordsOfResourcePolicies) {
  struct Case {
    const char* text;
    const char* error;
  };
  const std::string before = "{'Statement':[{'Effect':'allow','Action':'a:b','Resource':'*',";
  for (const Case& each : std::initializer_list<Case>{
           {"", "This policy contains invalid Json"},
           {"[]", "This policy contains invalid Json"},
           {"null", "This text appears not to be a policy"},
           {"{}", "Syntax error at position (1,3)"},
           {"{\n}", "Syntax error at position (2,2)"},
           {"{'Statement':[]}", "Could not parse the policy: Statement is empty!"},
           {"{'Statement':[{}]}", "Missing required field Effect"},
           {"{'Statement':{'Effect':'Allow'}}", "Missing required field Principal"},
           {"{'Statement':{'Effect':'Allow','Principal':'*'}}", "Missing required field Action"},
           {"{'Statement':{'Effect':'Allow','Principal':'*','Action':'a:b'}}",
            "Missing required field Resource"},
           {"{'Statement':{'Foo':1}}", "Unknown field Foo"},
       }) {
    EXPECT_EQ(error_of(each.text, DocumentKind::kResource),
              std::string("Invalid policy document: ") + each.error)
        << each.text;
  }
  for (const Case& each : std::initializer_list<Case>{
           {"'*'", ""},
           {"{'AWS':['*','123456789012','arn:aws:iam::123456789012:root']}", ""},
           {"{'AWS':'arn:aws:iam::123456789012:user/path/alice'}", ""},
           {"{'AWS':'arn:aws:sts::123456789012:assumed-role/worker/run'}", ""},
           {"{'AWS':'AROAWORKERWORKERWORK','Service':'lambda.amazonaws.com'}", ""},
           {"{'Federated':'accounts.google.com','CanonicalUser':'79a5'}", ""},
           {"'123456789012'", kResourceSyntax},
           {"{}", "Invalid policy document: Missing required field Principal"},
           {"{'AWS':1}", kResourceSyntax},
           {"{'':'*'}", kResourceSyntax},
           {"{'AWS':'arn:aws:iam::*:root'}", kPrincipal},
           {"{'AWS':'arn:aws:iam::123456789012:user/*'}", kPrincipal},
           {"{'AWS':'alice'}", kPrincipal},
           {"{'Service':'lambda'}", kPrincipal},
           {"{'Service':'*'}", kPrincipal},
           {"{'Nobody':'x'}", kPrincipal},
       }) {
    EXPECT_EQ(error_of(before + "'Principal':" + each.text + "}]}", DocumentKind::kResource),
              each.error)
        << each.text;
  }
}

TEST(ReadPolicyTest, WordsOfTrustPolicies) {
  const std::string before =
      "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'Service':"
      "'lambda.amazonaws.com'},";
  EXPECT_EQ(error_of(before + "'Action':'sts:AssumeRole'}]}", DocumentKind::kRoleTrust), "");
  EXPECT_EQ(
      error_of(before + "'Action':'sts:AssumeRole','Resource':'*'}]}", DocumentKind::kRoleTrust),
      "Has prohibited field Resource");
  EXPECT_EQ(error_of(before + "'Action':['sts:AssumeRole','iam:x']}]}", DocumentKind::kRoleTrust),
            "AssumeRole policy may only specify STS AssumeRole actions.");
  EXPECT_EQ(error_of("{'Statement':{'Effect':'Allow','Action':'sts:AssumeRole'}}",
                     DocumentKind::kRoleTrust),
            "Missing required field Principal");
}

TEST(ReadPolicyTest, PrincipalsOfTrustPolicies) {
  const auto error = [](std::string_view principal) {
    return error_of("{'Statement':{'Effect':'Allow','Action':'sts:AssumeRole','Principal':" +
                        std::string(principal) + "}}",
                    DocumentKind::kRoleTrust);
  };
  EXPECT_EQ(error("{'AWS':'arn:aws:iam::*:root'}"),
            "Invalid principal in policy: \"AWS\":\"arn:aws:iam::*:root\"");
  EXPECT_EQ(error("{'Service':'lambda'}"), "Invalid principal in policy: \"SERVICE\":\"lambda\"");
}

TEST(ReadPolicyTest, CanonicalDocuments) {
  const auto canonical = [](std::string_view text) {
    return canonical_document(quoted(text), DocumentKind::kResource).value();
  };
  const std::string whole = canonical(
      "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'AWS':"
      "'arn:aws:iam::123456789012:root'},'Action':'a:b','Resource':['*','arn:aws:x'],"
      "'Condition':{'Bool':{'a':'true'},'StringLike':{'b':['1','2'],'c':'3'}}}]}");
  EXPECT_EQ(canonical("{ 'Statement': {'Condition':{'StringLike':{'c':['3'],'b':['1','2']},"
                      "'Bool':{'a':true}},'Resource':['*','arn:aws:x'],'Action':['a:b'],"
                      "'Principal':{'AWS':['123456789012','arn:aws:iam::123456789012:root']},"
                      "'Effect':'ALLOW'}, 'Version':'2012-10-17'}"),
            whole);
  EXPECT_EQ(quoted("{'Version':'2008-10-17','Id':'i','Statement':[{'Sid':'s','Effect':'Deny',"
                   "'NotPrincipal':'*','NotAction':['a:b','c:d'],'NotResource':'*'}]}"),
            canonical("{'Id':'i','Statement':[{'Sid':'s','Effect':'Deny','NotPrincipal':'*',"
                      "'NotAction':['a:b','c:d'],'NotResource':['*']}]}"));
}

TEST(ReadPolicyTest, IsBounded) {
  std::string deep = "{'Version':";
  for (int i = 0; i < 20'000; ++i) deep += '[';
  EXPECT_EQ(error_of(deep, DocumentKind::kIdentity), kSyntax);
  const std::string long_text = "{'Version':'2012-10-17','Id':'" + std::string(200'000, 'x') +
                                "','Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}";
  EXPECT_EQ(error_of(long_text, DocumentKind::kIdentity), kSyntax);
}

TEST(ReadPolicyTest, OldVersionKnowsNoVariables) {
  const std::string statement =
      "'Statement':{'Effect':'Allow','Principal':'*','Action':'a:b',"
      "'Resource':'arn:aws:a:::${aws:username}'}}";
  const auth::Principal principal = alice();
  const FakeContext context;
  const auto verdict = [&](const std::string& version, std::string_view resource) {
    const auto policy = policy_of("{" + version + statement, DocumentKind::kResource);
    return evaluate(*policy, {"a:b", resource, principal, context});
  };
  EXPECT_EQ(verdict("'Version':'2012-10-17',", "arn:aws:a:::alice"), Verdict::kAllowed);
  EXPECT_EQ(verdict("'Version':'2008-10-17',", "arn:aws:a:::alice"), std::nullopt);
  EXPECT_EQ(verdict("", "arn:aws:a:::${aws:username}"), Verdict::kAllowed);
}

}  // namespace
}  // namespace millrace::policy
