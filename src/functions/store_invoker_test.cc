#include "functions/store_invoker.h"

#include <gmock/gmock.h>

#include "functions/function_testing.h"

namespace millrace::functions {
namespace {

class StoreInvokerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    make_function(*store_, "f", [](Function& function) {
      for (const uint64_t number : {1, 2}) {
        auto version = std::make_shared<FunctionVersion>(*function.latest);
        version->version = std::to_string(number);
        function.published[number] = version;
      }
      function.aliases["live"] = {"live", "1", "", "", {{"2", 0.25}}};
    });
  }
  Result<InvokeAnswer> invoke(const std::string& name, const Bytes& payload = "1") {
    Result<InvokeAnswer> answer = InvokeAnswer{};
    InvokeRequest request;
    request.function = name;
    request.payload = payload;
    invoker_.invoke(std::move(request), [&](Result<InvokeAnswer> given) { answer = given; });
    return answer;
  }
  ErrorCode refusal(const std::string& name, const Bytes& payload = "1") {
    const auto answer = invoke(name, payload);
    EXPECT_FALSE(answer.ok());
    return answer.ok() ? ErrorCode::kInternalFailure : answer.error().code;
  }

  Random random_{1};
  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<CodeStore> codes_ = CodeStore::open({}, random_).value();
  std::unique_ptr<FunctionStore> store_ = FunctionStore::open(*engine_, *codes_).value();
  ScriptedRunner runner_;
  StoreInvoker invoker_{*store_, {}, random_, runner_};
};

TEST_F(StoreInvokerTest, RunsTheVersionThatIsMeant) {
  EXPECT_EQ(invoke("f").value().executed_version, "$LATEST");
  EXPECT_EQ(invoke("f:2").value().executed_version, "2");
  EXPECT_EQ(invoke("arn:aws:lambda:us-east-1:000000000000:function:f:1").value().executed_version,
            "1");
  EXPECT_EQ(refusal("f:3"), ErrorCode::kResourceNotFoundException);
  EXPECT_EQ(refusal("f:other"), ErrorCode::kResourceNotFoundException);
  EXPECT_EQ(refusal("g"), ErrorCode::kResourceNotFoundException);
}

TEST_F(StoreInvokerTest, AnAliasSharesItsInvocations) {
  int second = 0;
  for (int i = 0; i < 4000; ++i) {
    if (invoke("f:live").value().executed_version == "2") ++second;
  }
  EXPECT_NEAR(second, 1000, 150);
}

TEST_F(StoreInvokerTest, PayloadsAreJsonOfLimitedSize) {
  EXPECT_EQ(invoke("f", "").value().payload, "{}");
  EXPECT_EQ(invoke("f", "null").value().payload, "null");
  EXPECT_EQ(refusal("f", "{"), ErrorCode::kInvalidRequestContentException);
  EXPECT_EQ(refusal("f", "\"\xFF\""), ErrorCode::kInvalidRequestContentException);
  const auto large = invoke("f", std::string(kPayloadBytesMax + 1, ' '));
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().code, ErrorCode::kRequestTooLargeException);
  EXPECT_EQ(large.error().message,
            "6291457 byte payload is too large for the RequestResponse invocation type (limit "
            "6291456 bytes)");
}

TEST_F(StoreInvokerTest, NoConcurrencyReservedIsNone) {
  make_function(*store_, "f", [](Function& function) { function.reserved_concurrency = 0; });
  EXPECT_EQ(refusal("f"), ErrorCode::kTooManyRequestsException);
  EXPECT_EQ(runner_.run_count(), 0u);
}

}  // namespace
}  // namespace millrace::functions
