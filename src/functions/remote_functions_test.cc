// Functions behind an endpoint: what is sent, how it is signed, and what comes of each answer.
#include "functions/remote_functions.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/credential.h"
#include "auth/sigv4.h"
#include "functions/runner_testing.h"
#include "http/server_testing.h"

namespace millrace::functions {
namespace {

using testing::HasSubstr;

const auth::SigningCredentials kCredentials = {"AKIDEXAMPLE", "secret/with+signs", "token=="};

FunctionSettings settings_of_test() {
  FunctionSettings settings;
  settings.region = "eu-central-1";
  settings.credentials = kCredentials;
  return settings;
}

// Runs a scripted server as the endpoint, and calls the function of that name and qualifier.
class RemoteFunctionsTest : public testing::Test {
 protected:
  void answer_with(http::Response response) {
    script_ = [this, response](http::Request request, const http::Respond& respond) {
      received_ = std::move(request);
      respond(response);
    };
  }

  Result<InvokeAnswer> invoke(InvokeRequest request,
                              const std::string& version_number = "$LATEST") {
    FunctionVersion version;
    version.name = "remote";
    version.version = version_number;
    version.timeout_seconds = 1;
    auto promise = std::make_shared<std::promise<Result<InvokeAnswer>>>();
    remote_.invoke(version, endpoint(), std::move(request), [promise](Result<InvokeAnswer> result) {
      promise->set_value(std::move(result));
    });
    return promise->get_future().get();
  }

  std::string endpoint() { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/"; }

  http::ScriptedHandler::Script script_;
  http::Request received_;
  http::TestServer server_{[this](http::Request request, http::Respond respond) {
    script_(std::move(request), std::move(respond));
  }};
  RemoteFunctions remote_{settings_of_test()};
};

// That the signature is the one that our own implementation makes of the same request.
void expect_signed(const http::Request& request) {
  const auto credential = auth::parse_credential(
      {.authorization = request.header("Authorization"), .date = request.header("X-Amz-Date")});
  ASSERT_TRUE(credential.ok()) << request.header("Authorization");
  ASSERT_TRUE(credential->has_value());
  const auth::Credential& claimed = **credential;
  EXPECT_EQ(claimed.access_key_id, kCredentials.access_key_id);
  EXPECT_EQ(claimed.region, "eu-central-1");
  EXPECT_EQ(claimed.service, "lambda");
  std::vector<auth::HeaderView> headers;
  for (const std::string_view name : auth::names_of(claimed.signed_headers)) {
    headers.push_back({name, request.header(name)});
  }
  const auth::Scope scope = {std::string(claimed.date), std::string(claimed.region),
                             std::string(claimed.service)};
  const std::string canonical = auth::canonical_request({.method = request.method,
                                                         .target = request.target,
                                                         .headers = headers,
                                                         .payload = request.body});
  const std::string to_sign = auth::string_to_sign(request.header("X-Amz-Date"), scope, canonical);
  auth::HmacKey key(auth::as_text(auth::derive_signing_key(kCredentials.secret_access_key, scope)));
  std::string signature;
  auth::append_hex(signature, key.digest(to_sign));
  EXPECT_EQ(claimed.signature, signature) << canonical;
  EXPECT_THAT(auth::names_of(claimed.signed_headers),
              testing::IsSupersetOf({"host", "x-amz-date", "x-amz-security-token"}));
}

TEST_F(RemoteFunctionsTest, SendsASignedInvoke) {
  answer_with({.status = 200,
               .headers = {{"X-Amz-Executed-Version", "7"},
                           {"x-amzn-RequestId", "id"},
                           {"X-Amz-Log-Result", "bG9n"}},
               .body = R"({"ok":true})"});
  const auto answer = invoke({.function = "remote",
                              .qualifier = "a-b_c",
                              .payload = "{\"k\":\"\xc3\xbc\"}",
                              .wants_log_tail = true,
                              .client_context = "e30="});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->payload, R"({"ok":true})");
  EXPECT_EQ(answer->function_error, "");
  EXPECT_EQ(answer->executed_version, "7");
  EXPECT_EQ(answer->request_id, "id");
  EXPECT_EQ(answer->log_tail, "log");
  EXPECT_EQ(received_.method, "POST");
  EXPECT_EQ(received_.target, "/2015-03-31/functions/remote/invocations?Qualifier=a-b_c");
  EXPECT_EQ(received_.body, "{\"k\":\"\xc3\xbc\"}");
  EXPECT_EQ(received_.header("X-Amz-Invocation-Type"), "RequestResponse");
  EXPECT_EQ(received_.header("X-Amz-Log-Type"), "Tail");
  EXPECT_EQ(received_.header("X-Amz-Client-Context"), "e30=");
  EXPECT_EQ(received_.header("X-Amz-Security-Token"), "token==");
  expect_signed(received_);
}

TEST_F(RemoteFunctionsTest, SignsWhateverTheQualifierAndSize) {
  answer_with({.status = 200, .headers = {}, .body = "1"});
  ASSERT_TRUE(invoke({.function = "remote", .qualifier = "$LATEST", .payload = ""}).ok());
  EXPECT_EQ(received_.target, "/2015-03-31/functions/remote/invocations?Qualifier=%24LATEST");
  expect_signed(received_);
  ASSERT_TRUE(invoke({.function = "remote", .payload = Bytes(3'000'000, 'x')}).ok());
  EXPECT_EQ(received_.target, "/2015-03-31/functions/remote/invocations");
  EXPECT_EQ(received_.body.size(), 3'000'000U);
  expect_signed(received_);
  ASSERT_TRUE(invoke({.function = "remote", .payload = Bytes("a\0b", 3)}, "4").ok());
  EXPECT_EQ(received_.target, "/2015-03-31/functions/remote/invocations?Qualifier=4");
  EXPECT_EQ(received_.body, Bytes("a\0b", 3));
  expect_signed(received_);
}

TEST_F(RemoteFunctionsTest, TellsErrorsOfTheFunctionFromThoseOfTheCall) {
  answer_with({.status = 200,
               .headers = {{"X-Amz-Function-Error", "Unhandled"}},
               .body = R"({"errorType":"E"})"});
  const auto failed = invoke({.function = "remote", .payload = "{}"});
  ASSERT_TRUE(failed.ok());
  EXPECT_EQ(failed->function_error, "Unhandled");
  EXPECT_EQ(failed->payload, R"({"errorType":"E"})");

  const std::vector<std::pair<int, ErrorCode>> cases = {
      {429, ErrorCode::kTooManyRequestsException},
      {503, ErrorCode::kServiceException},
      {404, ErrorCode::kResourceNotFoundException},
      {413, ErrorCode::kRequestTooLargeException},
      {400, ErrorCode::kInvalidRequestContentException},
      {403, ErrorCode::kServiceException},
      {302, ErrorCode::kServiceException},
  };
  for (const auto& [status, code] : cases) {
    answer_with({.status = status, .headers = {}, .body = R"({"message":"why"})"});
    const auto answer = invoke({.function = "remote", .payload = "{}"});
    ASSERT_FALSE(answer.ok()) << status;
    EXPECT_EQ(answer.error().code, code) << status;
    EXPECT_EQ(answer.error().message, "why");
  }
}

TEST_F(RemoteFunctionsTest, BoundsTheAnswer) {
  answer_with({.status = 200, .headers = {}, .body = Bytes(7'000'000, 'x')});
  const auto answer = invoke({.function = "remote", .payload = "{}"});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->function_error, "Unhandled");
  EXPECT_THAT(answer->payload, HasSubstr("Function.ResponseSizeTooLarge"));
}

TEST_F(RemoteFunctionsTest, SaysThatNobodyIsThere) {
  const std::string nowhere = endpoint();
  server_.server().stop(std::chrono::milliseconds(0));
  const auto answer = invoke({.function = "remote", .payload = "{}"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kServiceException);
  EXPECT_THAT(answer.error().message,
              HasSubstr("The endpoint of function remote cannot be reached: "));
}

TEST_F(RemoteFunctionsTest, ManyCallsAreUnderWayAtOnceAndEndWithTheServer) {
  std::mutex mutex;
  std::vector<http::Respond> held;
  script_ = [&](const http::Request& /*request*/, http::Respond respond) {
    const std::lock_guard lock(mutex);
    held.push_back(std::move(respond));
  };
  std::vector<std::future<Result<InvokeAnswer>>> answers;
  for (int i = 0; i < 20; ++i) {
    answers.push_back(std::async(
        std::launch::async, [this] { return invoke({.function = "remote", .payload = "{}"}); }));
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  const auto held_count = [&] {
    const std::lock_guard lock(mutex);
    return held.size();
  };
  while (held_count() < 20 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(held_count(), 20U);
  remote_.stop();
  for (auto& answer : answers) {
    const auto result = answer.get();
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kServiceException);
  }
}

TEST(RunnerRemoteTest, TheEndpointOfAFunctionGoesBeforeTheDefault) {
  const auto named = [](std::string name) {
    return [name](const http::Request& /*request*/, const http::Respond& respond) {
      respond({.status = 200, .headers = {}, .body = name});
    };
  };
  http::TestServer by_default(named("1"));
  http::TestServer own(named("2"));
  FunctionSettings settings;
  settings.endpoint = "http://127.0.0.1:" + std::to_string(by_default.port());
  TestRunner test(settings);
  auto version = std::make_shared<FunctionVersion>();
  version->name = "remote";
  EXPECT_EQ(test.invoke(version, "{}")->payload, "1");
  version->endpoint = "http://127.0.0.1:" + std::to_string(own.port());
  EXPECT_EQ(test.invoke(version, "{}")->payload, "2");
}

}  // namespace
}  // namespace millrace::functions
