#include "auth/request_verifier.h"

#include <gmock/gmock.h>

#include "auth/verifier_testing.h"

namespace millrace::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int64_t kTime = 1'767'225'600;  // 20260101T000000Z
constexpr std::string_view kMismatch =
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details.";

class RequestVerifierTest : public ::testing::Test {
 protected:
  RequestVerifierTest() {
    keys_.add("AKIA", {"secret"});
    keys_.add("ASIA", {"session-secret", "token"});
    keys_.add("ASIAOLD", {"session-secret", "token", kTime});
  }

  static TestRequest plain_request() {
    return {"POST",
            "/",
            {{"Host", "localhost:8000"},
             {"Content-Type", "application/x-amz-json-1.0"},
             {"X-Amz-Target", "DynamoDB_20120810.GetItem"}},
            R"({"TableName":"t"})"};
  }
  static Signer signer(const SigningCredentials& credentials = {"AKIA", "secret", ""},
                       const std::string& region = "eu-west-1",
                       const std::string& service = "dynamodb") {
    return {credentials, region, service};
  }
  static TestRequest signed_request(Signer signer, int64_t time = kTime) {
    TestRequest request = plain_request();
    sign(request, signer, time);
    return request;
  }
  // Signed as presigned requests are, the parameters in front of the signature given.
  static TestRequest presigned(const std::string& more, int64_t time = kTime) {
    TestRequest request{"GET", "/2015-03-31/functions?" + more, {{"Host", "localhost"}}};
    const std::string date = amz_date(time);
    request.target +=
        "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-SignedHeaders=host&X-Amz-Date=" + date +
        "&X-Amz-Credential=AKIA%2F" + date.substr(0, 8) + "%2Feu-west-1%2Flambda%2Faws4_request";
    const std::vector<HeaderView> views = request.header_views();
    const Scope scope{date.substr(0, 8), "eu-west-1", "lambda"};
    std::string signature;
    append_hex(signature,
               HmacKey(as_text(derive_signing_key("secret", scope)))
                   .digest(string_to_sign(date, scope,
                                          canonical_request({"GET", request.target, views, ""}))));
    request.target += "&X-Amz-Signature=" + signature;
    return request;
  }

  std::string refusal(const TestRequest& request, std::string_view service = "dynamodb") {
    const auto principal = verify(verifier_, request, service);
    if (principal.ok()) return "none";
    return std::string(error_name(principal.error().code)) + ": " + principal.error().message;
  }
  static std::string invalid(std::string_view message) {
    return "InvalidSignatureException: " + std::string(message);
  }

  ListedKeys keys_;
  ManualClock clock_{kTime * 1'000'000};
  const RequestVerifier verifier_{keys_, clock_, "eu-west-1"};
};

TEST_F(RequestVerifierTest, TellsWhoSigned) {
  const auto user = verify(verifier_, signed_request(signer()));
  ASSERT_TRUE(user.ok()) << user.error().message;
  EXPECT_EQ((*user)->access_key_id, "AKIA");
  const auto session =
      verify(verifier_, signed_request(signer({"ASIA", "session-secret", "token"})));
  ASSERT_TRUE(session.ok()) << session.error().message;
  EXPECT_EQ((*session)->access_key_id, "ASIA");
  EXPECT_EQ(verify(verifier_, presigned("a=b"), "lambda").value()->access_key_id, "AKIA");
}

TEST_F(RequestVerifierTest, WithoutSignature) {
  const std::string missing =
      "MissingAuthenticationTokenException: Request is missing Authentication Token";
  EXPECT_EQ(refusal(plain_request()), missing);
  for (const char* scheme : {"", "Basic YTpi", "AWS", "AWS AKIA:signature"}) {
    TestRequest request = plain_request();
    request.headers.emplace_back("Authorization", scheme);
    EXPECT_EQ(refusal(request), missing) << scheme;
  }
}

TEST_F(RequestVerifierTest, IncompleteAuthorization) {
  TestRequest request = signed_request(signer());
  const std::string whole = *request.header("Authorization");
  for (size_t size = 0; size < whole.size(); ++size) {
    *request.header("Authorization") = whole.substr(0, size);
    EXPECT_NE(refusal(request), "none") << size;
  }
  *request.header("Authorization") = whole.substr(0, whole.find(", Signature"));
  EXPECT_THAT(refusal(request),
              StartsWith("IncompleteSignatureException: Authorization header requires 'Signature' "
                         "parameter. Authorization=AWS4-HMAC-SHA256 Credential=AKIA/"));
  *request.header("Authorization") = whole;
  EXPECT_EQ(refusal(request), "none");
  request.headers.emplace_back("authorization", whole);
  EXPECT_EQ(refusal(request),
            "IncompleteSignatureException: The request has more than one Authorization header.");
}

TEST_F(RequestVerifierTest, UnknownKeysAndTokens) {
  const std::string unknown =
      "UnrecognizedClientException: The security token included in the request is invalid.";
  EXPECT_EQ(refusal(signed_request(signer({"AKIB", "secret", ""}))), unknown);
  EXPECT_EQ(refusal(signed_request(signer({"ASIA", "session-secret", ""}))), unknown);
  EXPECT_EQ(refusal(signed_request(signer({"ASIA", "session-secret", "other"}))), unknown);
  EXPECT_EQ(refusal(signed_request(signer({"AKIA", "secret", "token"}))), unknown);
  EXPECT_EQ(refusal(signed_request(signer({"ASIAOLD", "session-secret", "token"}))),
            "ExpiredTokenException: The security token included in the request is expired");
}

TEST_F(RequestVerifierTest, WhatIsSignedCannotBeChanged) {
  EXPECT_EQ(refusal(signed_request(signer({"AKIA", "Secret", ""}))), invalid(kMismatch));
  const TestRequest good = signed_request(signer());
  ASSERT_EQ(refusal(good), "none");
  TestRequest request = good;
  request.body.back() = ' ';
  EXPECT_EQ(refusal(request), invalid(kMismatch));
  request = good;
  request.method = "PUT";
  EXPECT_EQ(refusal(request), invalid(kMismatch));
  request = good;
  request.target = "/x";
  EXPECT_EQ(refusal(request), invalid(kMismatch));
  request = good;
  request.target = "/?a";
  EXPECT_EQ(refusal(request), invalid(kMismatch));
  for (const char* name : {"Host", "Content-Type", "X-Amz-Target"}) {
    request = good;
    *request.header(name) += "x";
    EXPECT_EQ(refusal(request), invalid(kMismatch)) << name;
    request = good;
    request.headers.emplace_back(name, "x");
    EXPECT_EQ(refusal(request), invalid(kMismatch)) << name;
  }
  request = good;
  request.headers.erase(request.headers.begin() + 1);
  EXPECT_EQ(refusal(request), invalid(kMismatch));
  request = good;
  request.header("Authorization")->back() = 'g';
  EXPECT_EQ(refusal(request), invalid(kMismatch));
}

TEST_F(RequestVerifierTest, WhatMustBeSigned) {
  TestRequest request = signed_request(signer());
  request.headers.emplace_back("x-aMz-Other", "x");
  EXPECT_EQ(refusal(request),
            invalid("'x-aMz-Other' must be a 'SignedHeader' in the AWS Authorization."));
  request.headers.back() = {"X-Amzn-Trace-Id", "x"};
  EXPECT_EQ(refusal(request), "none");
  request.headers.back() = {"X-Amz-Cf-Id", "x"};
  EXPECT_EQ(refusal(request), "none");

  TestRequest unsigned_target = plain_request();
  const auto target = unsigned_target.headers.back();
  unsigned_target.headers.pop_back();
  Signer own = signer();
  sign(unsigned_target, own, kTime);
  EXPECT_EQ(refusal(unsigned_target), "none");
  unsigned_target.headers.push_back(target);
  EXPECT_EQ(refusal(unsigned_target),
            invalid("'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization."));

  TestRequest unsigned_host{"POST", "/", {{"Content-Type", "x"}}};
  sign(unsigned_host, own, kTime);
  unsigned_host.headers.emplace_back("Host", "localhost");
  EXPECT_EQ(refusal(unsigned_host),
            invalid("'Host' must be a 'SignedHeader' in the AWS Authorization."));
}

TEST_F(RequestVerifierTest, NamesOfSignedHeadersInAnyCaseAndOrder) {
  TestRequest request = signed_request(signer());
  std::string& authorization = *request.header("Authorization");
  const std::string names = "content-type;host;x-amz-date;x-amz-target";
  authorization.replace(authorization.find(names), names.size(),
                        "X-Amz-Target;host;Content-Type;x-amz-date;host");
  EXPECT_EQ(refusal(request), "none");
}

TEST_F(RequestVerifierTest, OtherScopes) {
  EXPECT_EQ(refusal(signed_request(signer({"AKIA", "secret", ""}, "us-east-1"))),
            invalid("Credential should be scoped to a valid region, not 'us-east-1'. "));
  EXPECT_EQ(refusal(signed_request(signer({"AKIA", "secret", ""}, "eu-west-1", "lambda"))),
            invalid("Credential should be scoped to correct service: 'dynamodb'. "));
  TestRequest request = signed_request(signer());
  std::string& authorization = *request.header("Authorization");
  const std::string scope = "20260101/eu-west-1/dynamodb/aws4_request";
  authorization.replace(authorization.find(scope), scope.size(), "b/c/d/e");
  EXPECT_EQ(
      refusal(request),
      invalid("Credential should be scoped to a valid region, not 'c'. "
              "Credential should be scoped to correct service: 'dynamodb'. "
              "Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. "
              "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
              "HTTP: 'b' != '20260101', from '20260101T000000Z'."));
  EXPECT_EQ(refusal(signed_request(signer({"AKIA", "secret", ""}, "us-east-1", "sts")), "sts"),
            "none");
  // Of what names no operation, the service is not known.
  EXPECT_EQ(refusal(signed_request(signer({"AKIA", "secret", ""}, "eu-west-1", "logs")), ""),
            "none");
  EXPECT_THAT(refusal(signed_request(signer({"AKIA", "secret", ""}, "eu-west-1", "s3")), ""),
              HasSubstr("correct service"));
}

TEST_F(RequestVerifierTest, OtherTimes) {
  EXPECT_EQ(refusal(signed_request(signer(), kTime - 900)), "none");
  EXPECT_EQ(refusal(signed_request(signer(), kTime + 900)), "none");
  EXPECT_EQ(refusal(signed_request(signer(), kTime - 901)),
            invalid("Signature expired: 20251231T234459Z is now earlier than 20251231T234500Z "
                    "(20260101T000000Z - 15 min.)"));
  EXPECT_EQ(refusal(signed_request(signer(), kTime + 901)),
            invalid("Signature not yet current: 20260101T001501Z is still later than "
                    "20260101T001500Z (20260101T000000Z + 15 min.)"));
  for (const char* date : {"20260101", "20260101T000000", "20261301T000000Z", "2026-01-01T00:00Z",
                           "20260101T250000Z", "0 260101T000000Z", "20260230T000000Z"}) {
    TestRequest request = signed_request(signer());
    *request.header("X-Amz-Date") = date;
    EXPECT_EQ(refusal(request),
              "IncompleteSignatureException: Date must be in ISO-8601 'basic format'. Got '" +
                  std::string(date) + "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }
}

TEST_F(RequestVerifierTest, TheHeaderDateStandsInForXAmzDate) {
  for (const char* date : {"20260101T000000Z", "Thu, 01 Jan 2026 00:00:00 GMT"}) {
    TestRequest request{"POST", "/", {{"Host", "localhost"}}};
    const std::vector<HeaderView> views = request.header_views();
    const Scope scope{"20260101", "eu-west-1", "dynamodb"};
    std::string authorization =
        "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/dynamodb/aws4_request, "
        "SignedHeaders=host, Signature=";
    append_hex(authorization,
               HmacKey(as_text(derive_signing_key("secret", scope)))
                   .digest(string_to_sign("20260101T000000Z", scope,
                                          canonical_request({"POST", "/", views, ""}))));
    request.headers.emplace_back("Date", date);
    request.headers.emplace_back("Authorization", authorization);
    EXPECT_EQ(refusal(request), "none") << date;
    request.headers.emplace_back("X-Amz-Date", "20260101T000001Z");
    EXPECT_NE(refusal(request), "none") << "goes before Date, and must be signed";
  }
}

TEST_F(RequestVerifierTest, PresignedRequestsExpireWhenTheySay) {
  EXPECT_EQ(refusal(presigned("X-Amz-Expires=60", kTime - 60), "lambda"), "none");
  EXPECT_EQ(refusal(presigned("X-Amz-Expires=60", kTime - 61), "lambda"),
            invalid("Signature expired: 20251231T235859Z is now earlier than 20251231T235900Z "
                    "(20260101T000000Z - 1 min.)"));
  EXPECT_EQ(refusal(presigned("X-Amz-Expires=604800", kTime - 604'800), "lambda"), "none");
  EXPECT_EQ(refusal(presigned("a=b", kTime - 901), "lambda"),
            invalid("Signature expired: 20251231T234459Z is now earlier than 20251231T234500Z "
                    "(20260101T000000Z - 15 min.)"));
  EXPECT_EQ(refusal(presigned("X-Amz-Expires=5", kTime + 900), "lambda"), "none");
  EXPECT_THAT(refusal(presigned("X-Amz-Expires=604800", kTime + 901), "lambda"),
              HasSubstr("Signature not yet current"));
  EXPECT_EQ(refusal(presigned("X-Amz-Expires=604801"), "lambda"),
            "IncompleteSignatureException: X-Amz-Expires must be less than a week (in seconds); "
            "that is, the given X-Amz-Expires must be less than 604800 seconds");
  EXPECT_EQ(refusal(presigned("X-Amz-Expires=-1"), "lambda"),
            "IncompleteSignatureException: X-Amz-Expires must be non-negative");
  for (const char* bad : {"x", "1x", "99999999999999999999"}) {
    EXPECT_EQ(refusal(presigned(std::string("X-Amz-Expires=") + bad), "lambda"),
              "IncompleteSignatureException: X-Amz-Expires should be a number");
  }
}

TEST_F(RequestVerifierTest, DeclaredPayloadHashes) {
  const auto with_hash = [this](const std::string& hash, bool takes_unsigned_payload) {
    TestRequest request = plain_request();
    request.headers.emplace_back("X-Amz-Content-Sha256", hash);
    Signer own = signer();
    sign(request, own, kTime);
    if (hash == "UNSIGNED-PAYLOAD") {
      // The signer signs the payload whatever is declared.
      std::vector<HeaderView> views = request.header_views();
      views.pop_back();
      std::string canonical = canonical_request({"POST", "/", views, request.body});
      canonical.replace(canonical.rfind('\n') + 1, std::string::npos, hash);
      const Scope scope{"20260101", "eu-west-1", "dynamodb"};
      std::string signature;
      append_hex(signature, HmacKey(as_text(derive_signing_key("secret", scope)))
                                .digest(string_to_sign("20260101T000000Z", scope, canonical)));
      std::string& authorization = *request.header("Authorization");
      authorization.replace(authorization.size() - 64, 64, signature);
    }
    const auto principal = verify(verifier_, request, "dynamodb", takes_unsigned_payload);
    return principal.ok() ? "none" : invalid(principal.error().message);
  };
  std::string right;
  append_hex(right, sha256(plain_request().body));
  EXPECT_EQ(with_hash(right, false), "none");
  EXPECT_EQ(with_hash(std::string(64, '0'), true), invalid(kMismatch));
  EXPECT_EQ(with_hash("UNSIGNED-PAYLOAD", true), "none");
  EXPECT_EQ(with_hash("UNSIGNED-PAYLOAD", false), invalid(kMismatch));
  for (const char* literal :
       {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "required", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}) {
    EXPECT_EQ(with_hash(literal, true), invalid(kMismatch)) << literal;
  }
}

TEST_F(RequestVerifierTest, KeysAreAskedForOnlyWhereAllElseIsRight) {
  (void)refusal(signed_request(signer(), kTime + 1000));
  (void)refusal(signed_request(signer({"AKIA", "secret", ""}, "us-east-1")));
  (void)refusal(plain_request());
  EXPECT_EQ(keys_.finds(), 0u);
}

TEST_F(RequestVerifierTest, ANewSecretOfAKeyCountsAtOnce) {
  EXPECT_EQ(refusal(signed_request(signer())), "none");
  keys_.add("AKIA", {"new secret"});
  EXPECT_EQ(refusal(signed_request(signer())), invalid(kMismatch));
  EXPECT_EQ(refusal(signed_request(signer({"AKIA", "new secret", ""}))), "none");
}

TEST_F(RequestVerifierTest, ManyHeadersCostNoMoreThanTheyAre) {
  TestRequest request = plain_request();
  for (int i = 0; i < 4000; ++i)
    request.headers.emplace_back(std::string("a").append(std::to_string(i % 2000)), "b");
  Signer own = signer();
  sign(request, own, kTime);
  EXPECT_EQ(refusal(request), "none");
}

}  // namespace
}  // namespace millrace::auth
