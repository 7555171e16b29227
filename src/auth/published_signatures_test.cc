// The requests that AWS publishes with their signatures: those of the test suite of Signature
// Version 4 by their names, and ListUsers of the IAM User Guide.
#include <algorithm>

#include <gtest/gtest.h>

#include "auth/uri.h"
#include "auth/verifier_testing.h"

namespace millrace::auth {
namespace {

constexpr int64_t kTime = 1440938160;  // 20150830T123600Z
constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr std::string_view kHost = "example.amazonaws.com";
constexpr std::string_view kUnreserved =
    "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kStsToken =
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfI"
    "eoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0"
    "wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDry"
    "pNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
constexpr std::string_view kShortToken =
    "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";

struct Published {
  std::string_view name;
  std::string_view method;
  std::string target;
  // Beside Host and what the signature adds; of the names that are signed.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;
  std::string_view in_header;  // the signature
  std::string_view in_query;   // that of a request which expires after an hour; empty: unpublished
  std::string_view token = {};
};

const std::vector<Published>& published() {
  static const std::vector<Published> kAll = {
      {"get-vanilla",
       "GET",
       "/",
       {},
       "",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
       "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"},
      {"get-header-key-duplicate",
       "GET",
       "/",
       {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
       "",
       "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
       "3349ee0b81b4b589da0ff28a395c3591e04de515651dd74f298fa992d1507a97"},
      {"get-header-value-multiline",
       "GET",
       "/",
       {{"My-Header1", "value1\n  value2\n     value3"}},
       "",
       "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd",
       "e6f5def831211aca02987a44b96826706278c7bc078112ae0263659c5b2f2d56"},
      {"get-header-value-order",
       "GET",
       "/",
       {{"My-Header1", "value4"},
        {"My-Header1", "value1"},
        {"My-Header1", "value3"},
        {"My-Header1", "value2"}},
       "",
       "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
       "313720e71ca6202fdcfa9b20f88de01a4eb0638a83c833b1c184359a4eda864e"},
      {"get-header-value-trim",
       "GET",
       "/",
       {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
       "",
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
       "e7bb0fd515e125e1aec2ecc4c0c17484fb06f6846b927c35e46005dd3df3acd4"},
      {"get-relative",
       "GET",
       "/example/..",
       {},
       "",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
       "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"},
      {"get-relative-relative",
       "GET",
       "/example1/example2/../..",
       {},
       "",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
       "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"},
      {"get-slash",
       "GET",
       "//",
       {},
       "",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
       "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"},
      {"get-slash-dot-slash",
       "GET",
       "/./",
       {},
       "",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
       "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"},
      {"get-slash-pointless-dot",
       "GET",
       "/./example",
       {},
       "",
       "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
       "35034b1a0bdd969f346975386daf8aedfd4976573b8348cf4f67eaa41c5857de"},
      {"get-slashes",
       "GET",
       "//example//",
       {},
       "",
       "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
       "c1834e8fb0307243711f0f907f6ab7311ed300d87f13792d7ee4da89ab93e082"},
      {"get-space",
       "GET",
       "/example space/",
       {},
       "",
       "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
       "7a1f416954786484c9824d93c1f26ef64acb9b1b6c9154d08c9f07d0e394abf6"},
      {"get-unreserved",
       "GET",
       "/" + std::string(kUnreserved),
       {},
       "",
       "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
       "95968482db1b9e0fadef6efc1bd24689f77c77d9ef56919c96a28cc92e0d6005"},
      {"get-utf8",
       "GET",
       "/\xe1\x88\xb4",
       {},
       "",
       "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
       "10eae3f14a260bd3911cc6d008d3c576d143b05b62f09782a7a4b37f52178e44"},
      {"get-vanilla-empty-query-key",
       "GET",
       "/?Param1=value1",
       {},
       "",
       "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
       "49096700cbbaa5753443850f40df10f904fc2fdb544dc9512203cc77c471a9de"},
      {"get-vanilla-query-order-key",
       "GET",
       "/?Param1=value2&Param1=Value1",
       {},
       "",
       "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1",
       ""},
      {"get-vanilla-query-order-key-case",
       "GET",
       "/?Param2=value2&Param1=value1",
       {},
       "",
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
       "86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5"},
      {"get-vanilla-query-order-encoded",
       "GET",
       "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
       {},
       "",
       "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
       "c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787"},
      {"get-vanilla-query-order-value",
       "GET",
       "/?Param1=value2&Param1=value1",
       {},
       "",
       "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694",
       ""},
      {"get-vanilla-query-unreserved",
       "GET",
       "/?" + std::string(kUnreserved) + "=" + std::string(kUnreserved),
       {},
       "",
       "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
       "8e76a88a7433637b12778d5592799b29ad21ecd6cf6325051c21d86f0acda2bf"},
      {"get-vanilla-utf8-query",
       "GET",
       "/?\xe1\x88\xb4=bar",
       {},
       "",
       "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
       "0bdd809b1519ac4f0c1dc3540e2cc46bd0c7f778eda408b2ebf3b913d21ff600"},
      {"get-vanilla-with-session-token",
       "GET",
       "/",
       {},
       "",
       "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
       "7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c",
       kShortToken},
      {"post-vanilla",
       "POST",
       "/",
       {},
       "",
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
       "2ce6e6d2e0cf2f9d1b55fafec88cd20574c31dc2e7631979f71ba2310083e95b"},
      {"post-header-key-sort",
       "POST",
       "/",
       {{"My-Header1", "value1"}},
       "",
       "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
       "c09d07e0d55871f10f2a6d350d994acf6825a3cae70673d7def55616e6119dd7"},
      {"post-header-value-case",
       "POST",
       "/",
       {{"My-Header1", "VALUE1"}},
       "",
       "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
       "0698bc9e4f7f9139065ba2909c0e99da257e8e2a42492a097bcd46d792391fed"},
      {"post-sts-header-before",
       "POST",
       "/",
       {},
       "",
       "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
       "46c2e3c63c1dbe7d39f8ada16fe7f001c1f56c5791441565323677f96308871c",
       kStsToken},
      {"post-vanilla-query",
       "POST",
       "/?Param1=value1",
       {},
       "",
       "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
       "a9ef26247f293bffe40eeff86a0480ba8c14d31503b2e0c3399e3a16bf1a3682"},
      {"post-x-www-form-urlencoded",
       "POST",
       "/",
       {{"Content-Type", "application/x-www-form-urlencoded"}, {"Content-Length", "13"}},
       "Param1=value1",
       "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
       "89a40deed0f26f9461242825a082d2222717248abc7ab41f552ad84a94ad46e9"},
      {"post-x-www-form-urlencoded-parameters",
       "POST",
       "/",
       {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
        {"Content-Length", "13"}},
       "Param1=value1",
       "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422",
       "0dbeb9b026c7b6675f266b8427efec9b4fa8b1f6ef1477d717aea231106eab4d"},
  };
  return kAll;
}

std::string encoded(std::string_view text) {
  std::string out;
  append_uri_encoded(out, text);
  return out;
}

class PublishedSignatures : public ::testing::TestWithParam<Published> {
 protected:
  PublishedSignatures() {
    keys_.add("AKIDEXAMPLE", {std::string(kSecret), std::string(GetParam().token)});
  }

  static TestRequest unsigned_request() {
    const Published& example = GetParam();
    TestRequest request{std::string(example.method),
                        example.target,
                        {{"Host", std::string(kHost)}},
                        std::string(example.body)};
    request.headers.insert(request.headers.end(), example.headers.begin(), example.headers.end());
    return request;
  }

  // A payload's hash is declared in a header where the header has the signature.
  static TestRequest request_for_header() {
    TestRequest request = unsigned_request();
    if (request.body.empty()) return request;
    std::string hash;
    append_hex(hash, sha256(request.body));
    request.headers.emplace_back("X-Amz-Content-Sha256", hash);
    return request;
  }

  static TestRequest presigned() {
    TestRequest request = unsigned_request();
    const std::vector<HeaderView> views = request.header_views();
    request.target += request.target.find('?') == std::string::npos ? "?" : "&";
    request.target +=
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2F"
        "service%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=" +
        encoded(signed_headers(views)) +
        "&X-Amz-Expires=3600&X-Amz-Signature=" + std::string(GetParam().in_query);
    if (!GetParam().token.empty()) {
      request.target += "&X-Amz-Security-Token=" + encoded(GetParam().token);
    }
    return request;
  }

  ListedKeys keys_;
  ManualClock clock_{kTime * 1'000'000};
  const RequestVerifier verifier_{keys_, clock_, "us-east-1"};
};

TEST_P(PublishedSignatures, AreMade) {
  Signer signer({"AKIDEXAMPLE", std::string(kSecret), std::string(GetParam().token)}, "us-east-1",
                "service");
  TestRequest request = request_for_header();
  sign(request, signer, kTime);
  const std::string authorization = *request.header("Authorization");
  EXPECT_EQ(authorization.substr(authorization.rfind('=') + 1), GetParam().in_header);
}

TEST_P(PublishedSignatures, AreTakenInTheHeader) {
  TestRequest request = request_for_header();
  request.headers.emplace_back("X-Amz-Date", "20150830T123600Z");
  if (!GetParam().token.empty()) {
    request.headers.emplace_back("X-Amz-Security-Token", GetParam().token);
  }
  const std::vector<HeaderView> views = request.header_views();
  request.headers.emplace_back(
      "Authorization",
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
      "SignedHeaders=" +
          signed_headers(views) + ", Signature=" + std::string(GetParam().in_header));
  EXPECT_TRUE(verify(verifier_, request, "service").ok());
  request.body += ' ';
  EXPECT_FALSE(verify(verifier_, request, "service").ok());
}

TEST_P(PublishedSignatures, AreTakenInTheQuery) {
  if (GetParam().in_query.empty()) GTEST_SKIP() << "has none";
  EXPECT_TRUE(verify(verifier_, presigned(), "service").ok());
  TestRequest changed = presigned();
  changed.target += "&more=x";
  EXPECT_FALSE(verify(verifier_, changed, "service").ok());
}

INSTANTIATE_TEST_SUITE_P(Suite, PublishedSignatures, ::testing::ValuesIn(published()),
                         [](const auto& example) {
                           std::string name(example.param.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(PublishedListUsers, IsTaken) {
  ListedKeys keys;
  keys.add("AKIDEXAMPLE", {std::string(kSecret)});
  const ManualClock clock(kTime * 1'000'000);
  const RequestVerifier verifier(keys, clock, "eu-central-1");
  const TestRequest request{
      "GET",
      "/?Action=ListUsers&Version=2010-05-08",
      {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
       {"Host", "iam.amazonaws.com"},
       {"X-Amz-Date", "20150830T123600Z"},
       {"Authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, "
        "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"}}};
  const auto principal = verify(verifier, request, "iam");
  ASSERT_TRUE(principal.ok()) << principal.error().message;
  EXPECT_EQ((*principal)->access_key_id, "AKIDEXAMPLE");
}

}  // namespace
}  // namespace millrace::auth
