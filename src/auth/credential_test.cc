#include "auth/credential.h"

#include <gmock/gmock.h>

namespace millrace::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kHeader =
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=abc123";
constexpr std::string_view kDate = "20260101T000000Z";

std::string refusal(const SignatureSource& source) {
  Result<std::optional<Credential>> credential = parse_credential(source);
  if (credential.ok()) return "none";
  EXPECT_EQ(credential.error().code, ErrorCode::kIncompleteSignatureException);
  return credential.error().message;
}

bool is_absent(const SignatureSource& source) {
  Result<std::optional<Credential>> credential = parse_credential(source);
  return credential.ok() && !credential->has_value();
}

std::vector<std::string_view> fields_of(const Credential& credential) {
  return {credential.access_key_id, credential.date,
          credential.region,        credential.service,
          credential.terminator,    credential.signed_headers,
          credential.signature,     credential.session_token,
          credential.time,          credential.expires_seconds,
          credential.payload_hash,  credential.is_in_query ? "query" : "header"};
}

TEST(Credential, IsReadFromTheHeader) {
  auto credential =
      parse_credential({.authorization = kHeader, .date = kDate, .security_token = "token"});
  ASSERT_TRUE(credential.ok() && credential->has_value());
  EXPECT_THAT(fields_of(**credential),
              ElementsAre("AKIDEXAMPLE", "20260101", "us-east-1", "dynamodb", "aws4_request",
                          "host;x-amz-date", "abc123", "token", kDate, "", "", "header"));
  EXPECT_THAT(names_of((*credential)->signed_headers), ElementsAre("host", "x-amz-date"));
}

TEST(Credential, HeaderMayBeSeparatedByCommasOrSpacesInAnyOrder) {
  auto credential =
      parse_credential({.authorization = "AWS4-HMAC-SHA256 Signature=s,SignedHeaders=host "
                                         "Credential=k/20260101/r/s/aws4_request/",
                        .date = kDate});
  ASSERT_TRUE(credential.ok() && credential->has_value());
  EXPECT_EQ((*credential)->access_key_id, "k");
  EXPECT_EQ((*credential)->signature, "s");
  EXPECT_EQ((*credential)->signed_headers, "host");
}

TEST(Credential, IsReadFromTheQuery) {
  auto credential = parse_credential(
      {.query = "a=b&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260101%2F"
                "us-east-1%2fdynamodb%2Faws4_request&X-Amz-Date=20260101T000000Z&"
                "X-Amz-SignedHeaders=host%3Bx-amz-date&X-Amz-Signature=abc123&"
                "X-Amz-Security-Token=token&X-Amz-Expires=60&X-Amz-Content-Sha256=h"});
  ASSERT_TRUE(credential.ok() && credential->has_value());
  EXPECT_THAT(fields_of(**credential),
              ElementsAre("AKIDEXAMPLE", "20260101", "us-east-1", "dynamodb", "aws4_request",
                          "host;x-amz-date", "abc123", "token", kDate, "60", "h", "query"));
}

TEST(Credential, IsAbsentWithoutSignatureAndUnderOtherSchemes) {
  EXPECT_TRUE(is_absent({}));
  EXPECT_TRUE(is_absent({.authorization = "AWS4"}));
  EXPECT_TRUE(is_absent({.authorization = "Bearer x", .query = "X-Amz-Credential=a"}));
  EXPECT_TRUE(is_absent({.query = "X-Amz-Credential=a&X-Amz-Signature=b"}));
}

TEST(Credential, NamesEverythingTheHeaderLacks) {
  EXPECT_EQ(refusal({.authorization = "AWS4-"}),
            "Authorization header requires 'Credential' parameter. "
            "Authorization header requires 'Signature' parameter. "
            "Authorization header requires 'SignedHeaders' parameter. "
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
            "Authorization=AWS4-");
  EXPECT_EQ(refusal({.authorization = "AWS4- Signature=b, Credential=a", .date = kDate}),
            "Authorization header requires 'SignedHeaders' parameter. "
            "Authorization=AWS4- Signature=b, Credential=a");
}

TEST(Credential, NamesEverythingTheQueryLacks) {
  EXPECT_EQ(refusal({.query = "X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c"}),
            "AWS query-string parameters must include 'X-Amz-SignedHeaders'. "
            "AWS query-string parameters must include 'X-Amz-Date'. "
            "Re-examine the query-string parameters.");
}

TEST(Credential, RefusesAnotherAlgorithmAndAnotherScope) {
  EXPECT_EQ(refusal({.authorization = "AWS4-X Signature=b, Credential=a, SignedHeaders=host",
                     .date = kDate}),
            "Unsupported AWS 'algorithm': 'AWS4-X' (only AWS4-HMAC-SHA256 for now). ");
  EXPECT_EQ(refusal({.authorization =
                         "AWS4-HMAC-SHA256 Signature=b, Credential=a/b/c/d, SignedHeaders=host",
                     .date = kDate}),
            "Credential must have exactly 5 slash-delimited elements, e.g. "
            "keyid/date/region/service/term, got 'a/b/c/d'");
}

TEST(Credential, RefusesWhatIsThereTwice) {
  const std::string header(kHeader);
  for (const std::string& doubled : {header + "," + header.substr(header.find(' ')),
                                     header + ", Signature=abc123", header + " SignedHeaders="}) {
    EXPECT_THAT(refusal({.authorization = doubled, .date = kDate}),
                HasSubstr("' more than once. Authorization=" + doubled))
        << doubled;
  }
  EXPECT_EQ(refusal({.query = "X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c&"
                              "X-Amz-SignedHeaders=d&X-Amz-Date=e&X-Amz-Expires=1&"
                              "X-Amz-Exp%69res=2"}),
            "AWS query-string parameters must include 'X-Amz-Expires' only once. "
            "Re-examine the query-string parameters.");
  const auto both =
      parse_credential({.authorization = kHeader, .date = kDate, .query = "a=b&X-Amz%2DAlgorithm"});
  ASSERT_FALSE(both.ok());
  EXPECT_EQ(both.error(),
            (Error{ErrorCode::kInvalidSignatureException,
                   "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as "
                   "HTTP header."}));
}

TEST(Credential, RefusesWhatIsNoPair) {
  EXPECT_EQ(refusal({.authorization = "AWS4-HMAC-SHA256 Signature=b, Credential, SignedHeaders",
                     .date = kDate}),
            "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: "
            "'AWS4-HMAC-SHA256 Signature=b, Credential, SignedHeaders'.");
  EXPECT_EQ(refusal({.authorization = "AWS4-HMAC-SHA256 \x01-\xff", .date = kDate}),
            "'?-?' not a valid key=value pair (missing equal-sign) in Authorization header: "
            "'AWS4-HMAC-SHA256 ?-?'.");
}

TEST(Principal, IsWhomTheRequestClaimsOrAnonymous) {
  Claim claimed = read_claim({.authorization = kHeader, .date = kDate, .security_token = "token"});
  EXPECT_EQ(claimed.access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(claimed.session_token, "token");
  EXPECT_FALSE(claimed.anonymous());
  EXPECT_TRUE(read_claim({}).anonymous());
  EXPECT_TRUE(
      read_claim({.authorization = "AWS4-HMAC-SHA256 nonsense", .date = kDate}).anonymous());
}

}  // namespace
}  // namespace millrace::auth
