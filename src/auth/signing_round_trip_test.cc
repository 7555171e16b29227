// Random requests, signed by Signer and verified: as they are, and changed in one place.
#include <gtest/gtest.h>

#include "auth/verifier_testing.h"
#include "base/random.h"

namespace millrace::auth {
namespace {

constexpr int64_t kTime = 1'767'225'600;  // 20260101T000000Z
constexpr std::string_view kTargetAlphabet = "aZ09-._~/%2F%25 +=&;:@!$'()*,\xc3\xa9";
constexpr std::string_view kValueAlphabet = "abc XYZ\t\"'=,;/\xe2\x82\xac";

class RoundTrip : public ::testing::Test {
 protected:
  std::string text(size_t count_max, std::string_view alphabet) {
    return random_.text(random_.below(count_max + 1), alphabet);
  }

  TestRequest random_request() {
    TestRequest request;
    request.method = random_.below(2) == 0 ? "GET" : "POST";
    request.target.append(text(20, kTargetAlphabet));
    if (random_.below(2) == 0) request.target.append("?").append(text(40, kTargetAlphabet));
    request.headers.emplace_back("hOsT", std::string("localhost:").append(text(4, "0123456789")));
    for (uint64_t count = random_.below(6); count > 0; --count) {
      // Few names, so that some come several times.
      request.headers.emplace_back(std::string("X-Amz-").append(text(1, "abAB")),
                                   text(12, kValueAlphabet));
    }
    request.body = random_.bytes(random_.below(200));
    return request;
  }

  // So that it is another request.
  void change(TestRequest& request) {
    switch (random_.below(6)) {
      case 0:
        request.body += 'x';
        return;
      case 1:
        request.headers[random_.below(request.headers.size() - 1)].second += 'x';
        return;
      case 2:
        request.target += 'x';
        return;
      case 3:
        request.method += 'X';
        return;
      case 4: {
        char& digit = request.headers.back().second.back();
        digit = digit == '0' ? '1' : '0';
        return;
      }
      default:
        request.headers.emplace_back("x-AMZ-target", "x");
    }
  }

  Random random_{7};
};

TEST_F(RoundTrip, WhatIsSignedIsTakenAndWhatIsChangedIsNot) {
  ManualClock clock(kTime * 1'000'000);
  ListedKeys keys;
  keys.add("AKIA", {"secret"});
  keys.add("ASIA", {std::string(100, 's'), "token=="});
  const RequestVerifier verifier(keys, clock, "eu-west-1");
  Signer signers[] = {{{"AKIA", "secret", ""}, "eu-west-1", "dynamodb"},
                      {{"ASIA", std::string(100, 's'), "token=="}, "eu-west-1", "dynamodb"}};
  for (int i = 0; i < 3000; ++i) {
    TestRequest request = random_request();
    sign(request, signers[random_.below(2)],
         kTime - 900 + static_cast<int64_t>(random_.below(1801)));
    const auto taken = verify(verifier, request);
    ASSERT_TRUE(taken.ok()) << i << " " << request.target << " " << taken.error().message;
    const TestRequest sent = request;
    change(request);
    ASSERT_FALSE(verify(verifier, request).ok()) << i << " " << sent.target << request.target;
  }
}

}  // namespace
}  // namespace millrace::auth
