#include "auth/sigv4.h"

#include <gmock/gmock.h>

namespace millrace::auth {
namespace {

using ::testing::HasSubstr;

// The published examples of Signature Version 4 sign with this key.
constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr int64_t kTime = 1440938160;  // 20150830T123600Z

std::string hex(const Sha256Digest& digest) {
  std::string out;
  append_hex(out, digest);
  return out;
}

Signer example_signer(std::string service) {
  return {{"AKIDEXAMPLE", std::string(kSecret), ""}, "us-east-1", std::move(service)};
}

std::string signature_of(std::string_view method, std::string_view target,
                         std::vector<HeaderView> headers = {{"Host", "example.amazonaws.com"}},
                         std::string_view payload = "") {
  Signer signer = example_signer("service");
  std::string authorization = signer.sign({method, target, headers, payload}, kTime).authorization;
  return authorization.substr(authorization.rfind('=') + 1);
}

TEST(Sigv4, DerivesThePublishedSigningKey) {
  EXPECT_EQ(hex(derive_signing_key(kSecret, {"20150830", "us-east-1", "iam"})),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

TEST(Sigv4, TakesThePublishedStepsOfListUsers) {
  std::vector<HeaderView> headers = {
      {"X-Amz-Date", "20150830T123600Z"},
      {"Host", "iam.amazonaws.com"},
      {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  std::string canonical =
      canonical_request({"GET", "/?Version=2010-05-08&Action=ListUsers", headers, ""});
  EXPECT_EQ(canonical,
            "GET\n/\nAction=ListUsers&Version=2010-05-08\n"
            "content-type:application/x-www-form-urlencoded; charset=utf-8\n"
            "host:iam.amazonaws.com\nx-amz-date:20150830T123600Z\n\n"
            "content-type;host;x-amz-date\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(string_to_sign("20150830T123600Z", {"20150830", "us-east-1", "iam"}, canonical),
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
            "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
}

TEST(Sigv4, SignsThePublishedListUsers) {
  Signer signer = example_signer("iam");
  std::vector<HeaderView> headers = {
      {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
      {"Host", "iam.amazonaws.com"}};
  SignatureHeaders added =
      signer.sign({"GET", "/?Action=ListUsers&Version=2010-05-08", headers, ""}, kTime);
  EXPECT_EQ(added.amz_date, "20150830T123600Z");
  EXPECT_EQ(added.session_token, "");
  EXPECT_EQ(added.authorization,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

// The rest are cases of the published test suite of Signature Version 4, by its names.
TEST(Sigv4, GetVanilla) {
  EXPECT_EQ(signature_of("GET", "/"),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

TEST(Sigv4, GetVanillaQueryOrderKeyCase) {
  EXPECT_EQ(signature_of("GET", "/?Param2=value2&Param1=value1"),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
}

TEST(Sigv4, GetRelativePathsAreThoseTheyResolveTo) {
  std::string root = signature_of("GET", "/");
  EXPECT_EQ(signature_of("GET", "/example/.."), root);
  EXPECT_EQ(signature_of("GET", "/example1/example2/../.."), root);
  EXPECT_EQ(signature_of("GET", "//"), root);
  EXPECT_EQ(signature_of("GET", "/./"), root);
  EXPECT_EQ(signature_of("GET", "/./example"), signature_of("GET", "/example"));
  EXPECT_EQ(signature_of("GET", "//example//"), signature_of("GET", "/example/"));
  EXPECT_NE(signature_of("GET", "/example/"), signature_of("GET", "/example"));
}

TEST(Sigv4, GetUtf8IsEncodedOnceMore) {
  EXPECT_EQ(signature_of("GET", "/\xe1\x88\xb4"),
            "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
}

TEST(Sigv4, PathsOfS3AreNotEncodedAgain) {
  const RequestParts request{.method = "GET",
                             .target = "/a%20b/../%E1%88%B4?x=y",
                             .headers = {},
                             .payload = "",
                             .signs_path_as_sent = true};
  EXPECT_THAT(canonical_request(request), HasSubstr("GET\n/a%20b/../%E1%88%B4\nx=y\n"));
}

TEST(Sigv4, GetHeaderValueTrim) {
  EXPECT_EQ(signature_of("GET", "/",
                         {{"Host", "example.amazonaws.com"},
                          {"My-Header1", " value1"},
                          {"My-Header2", " \"a   b   c\""}}),
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
}

TEST(Sigv4, PostSignsThePayload) {
  EXPECT_EQ(signature_of("POST", "/",
                         {{"Content-Type", "application/x-www-form-urlencoded"},
                          {"Host", "example.amazonaws.com"}},
                         "Param1=value1"),
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
}

TEST(Sigv4, HeadersOfOneNameAreOneLineInTheirOrder) {
  std::vector<HeaderView> headers = {{"b", "1"}, {"A", "2"}, {"B", "0"}};
  EXPECT_EQ(signed_headers(headers), "a;b");
  EXPECT_THAT(canonical_request({"GET", "/", headers, ""}), HasSubstr("\na:2\nb:1,0\n\na;b\n"));
}

TEST(Sigv4, SessionTokenIsSignedAndAdded) {
  Signer signer({"AKIDEXAMPLE", std::string(kSecret), "token"}, "us-east-1", "dynamodb");
  std::vector<HeaderView> headers = {{"Host", "localhost"}};
  SignatureHeaders added = signer.sign({"POST", "/", headers, "{}"}, kTime);
  EXPECT_EQ(added.session_token, "token");
  EXPECT_THAT(added.authorization,
              HasSubstr("SignedHeaders=host;x-amz-date;x-amz-security-token,"));
}

TEST(Sigv4, KeepsTheKeyForADayAndNoLonger) {
  Signer kept = example_signer("iam");
  std::vector<HeaderView> headers = {{"Host", "localhost"}};
  RequestParts request{"POST", "/", headers, "{}"};
  for (int64_t time : {kTime, kTime + 1, kTime + 86'400, kTime}) {
    Signer fresh = example_signer("iam");
    EXPECT_EQ(kept.sign(request, time).authorization, fresh.sign(request, time).authorization);
  }
}

}  // namespace
}  // namespace millrace::auth
