// Runtimes: what functions get, what becomes of what they answer, and what they log.
#include "functions/runner.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "functions/runner_testing.h"

namespace millrace::functions {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The answer, which must be a good one.
std::string payload_of(const Result<InvokeAnswer>& answer) {
  if (!answer.ok()) return "error: " + answer.error().message;
  EXPECT_EQ(answer->function_error, "") << answer->payload;
  return answer->payload;
}

std::string error_of(const Result<InvokeAnswer>& answer) {
  if (!answer.ok()) return "error: " + answer.error().message;
  EXPECT_EQ(answer->function_error, "Unhandled") << answer->payload;
  return answer->payload;
}

TEST(RunnerTest, RunsACustomRuntimeInBash) {
  TestRunner test;
  const auto version =
      test.shell("bash", "echo \"event: $event\"\nrespond \"{\\\"got\\\":$event}\"");
  InvokeRequest request;
  request.wants_log_tail = true;
  const auto answer = test.invoke(version, R"sh({"a":1})sh", request);
  EXPECT_EQ(payload_of(answer), R"sh({"got":{"a":1}})sh");
  EXPECT_EQ(answer->executed_version, "$LATEST");
  EXPECT_EQ(answer->request_id.size(), 36U);
  EXPECT_THAT(answer->log_tail,
              AllOf(StartsWith("START RequestId: " + answer->request_id + " Version: $LATEST\n"),
                    HasSubstr("\nevent: {\"a\":1}\nEND RequestId: " + answer->request_id +
                              "\nREPORT RequestId: " + answer->request_id + "\tDuration: "),
                    ContainsRegex("\tBilled Duration: [0-9]+ ms\tMemory Size: 128 MB\tMax Memory "
                                  "Used: [0-9]+ MB\tInit Duration: [0-9.]+ ms\n$")));
  EXPECT_THAT(test.log().streams("/aws/lambda/bash"),
              testing::ElementsAre(
                  ContainsRegex("^20[0-9][0-9]/[0-9][0-9]/[0-9][0-9]/\\[\\$LATEST\\][0-9a-f]+$")));
}

TEST(RunnerTest, ReusesAWarmInstance) {
  TestRunner test;
  const auto version = test.custom("custom");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(payload_of(test.invoke(version, "[1]")), "[1]");
  EXPECT_EQ(test.log().streams("/aws/lambda/custom").size(), 1U);
  EXPECT_EQ(test.process_count(), 2U);
}

TEST(RunnerTest, AFunctionHasTheCredentialsOfItsRole) {
  FunctionSettings settings;
  settings.assume_role = [](const std::string& role, const std::string& session) {
    return RoleSession{{"ASIA" + role, "secret", "token of " + session},
                       std::numeric_limits<int64_t>::max()};
  };
  TestRunner test(settings);
  const auto version =
      test.shell("mine", R"sh(respond "\"$AWS_ACCESS_KEY_ID $AWS_SESSION_TOKEN\"")sh");
  version->role = "worker";
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(payload_of(test.invoke(version, "{}")), "\"ASIAworker token of mine\"");
  }
  EXPECT_EQ(test.log().streams("/aws/lambda/mine").size(), 1U);
}

TEST(RunnerTest, AnInstanceEndsBeforeItsCredentials) {
  FunctionSettings settings;
  settings.assume_role = [](const std::string&, const std::string&) {
    return RoleSession{{"key", "secret", "token"}, SystemClock().now_milliseconds() + 30'000};
  };
  TestRunner test(settings);
  const auto version = test.custom("custom");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(payload_of(test.invoke(version, "[1]")), "[1]");
  EXPECT_EQ(test.log().streams("/aws/lambda/custom").size(), 3U);
}

TEST(RunnerTest, ARoleThatIsGoneFailsTheInvocation) {
  FunctionSettings settings;
  settings.assume_role = [](const std::string&, const std::string&) -> Result<RoleSession> {
    return Error{ErrorCode::kAccessDeniedException, "no such role"};
  };
  TestRunner test(settings);
  EXPECT_EQ(error_of(test.invoke(test.custom("custom"), "[1]")), "error: no such role");
  EXPECT_TRUE(test.has_processes(0));
}

TEST(RunnerTest, GivesTheEnvironmentOfLambda) {
  FunctionSettings settings;
  settings.region = "eu-west-1";
  settings.credentials = {"key", "secret", "token"};
  TestRunner test(settings);
  test.runner().set_server_endpoint("http://127.0.0.1:8000");
  auto version = test.function("environment", "provided.al2023", "some.handler", {});
  *version = *test.shell("environment", R"sh(respond "$(env | sort)")sh");
  version->handler = "some.handler";
  version->environment = {{"TABLE", "a b"}, {"LANG", "C"}};
  const std::string text = payload_of(test.invoke(version, "{}")) + "\n";
  const std::string& code = version->code_directory;
  for (const std::string& line :
       {std::string("AWS_ACCESS_KEY_ID=key"), std::string("AWS_SECRET_ACCESS_KEY=secret"),
        std::string("AWS_SESSION_TOKEN=token"), std::string("AWS_REGION=eu-west-1"),
        std::string("AWS_DEFAULT_REGION=eu-west-1"),
        std::string("AWS_LAMBDA_FUNCTION_NAME=environment"),
        std::string("AWS_LAMBDA_FUNCTION_VERSION=$LATEST"),
        std::string("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128"),
        std::string("AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/environment"),
        std::string("AWS_LAMBDA_LOG_STREAM_NAME=") +
            test.log().streams("/aws/lambda/environment")[0],
        std::string("AWS_LAMBDA_INITIALIZATION_TYPE=on-demand"),
        std::string("AWS_ENDPOINT_URL=http://127.0.0.1:8000"), "LAMBDA_TASK_ROOT=" + code,
        std::string("_HANDLER=some.handler"), std::string("TZ=:UTC"), std::string("LANG=C"),
        std::string("TABLE=a b"), "PWD=" + code}) {
    EXPECT_THAT(text, HasSubstr(line + "\n"));
  }
  EXPECT_THAT(text, ContainsRegex("AWS_LAMBDA_RUNTIME_API=127.0.0.1:[0-9]+\n"));
}

TEST(RunnerTest, GivesTheHeadersOfAnInvocation) {
  TestRunner test;
  const auto version = test.shell("headers", R"sh(respond "$(cat "$TMPDIR/headers")")sh");
  InvokeRequest request;
  request.qualifier = "live";
  request.client_context = "eyJhIjoxfQ==";
  const std::string text = payload_of(test.invoke(version, "{}", request));
  EXPECT_THAT(text, HasSubstr("Lambda-Runtime-Invoked-Function-Arn: " + version->arn + ":live"));
  EXPECT_THAT(text, HasSubstr(R"sh(Lambda-Runtime-Client-Context: {"a":1})sh"));
  EXPECT_THAT(text, ContainsRegex("Lambda-Runtime-Deadline-Ms: [0-9]{13}"));
  EXPECT_THAT(text, ContainsRegex("Lambda-Runtime-Trace-Id: Root=1-[0-9a-f]{8}-[0-9a-f]{24};"));
}

TEST(RunnerTest, RunsNode) {
  TestRunner test;
  const auto version = test.function("node", "nodejs20.x", "index.handler", {{"index.js", R"sh(
exports.handler = async (event, context) => {
  console.log("hello", { a: 1 });
  console.error("two\nlines");
  return { event, name: context.functionName, left: context.getRemainingTimeInMillis() > 1000,
           id: context.awsRequestId, group: context.logGroupName };
};)sh"}});
  InvokeRequest request;
  request.wants_log_tail = true;
  const auto answer = test.invoke(version, R"sh({"k":"ü"})sh", request);
  EXPECT_EQ(payload_of(answer), R"sh({"event":{"k":"ü"},"name":"node","left":true,"id":")sh" +
                                    answer->request_id + R"sh(","group":"/aws/lambda/node"})sh");
  EXPECT_THAT(answer->log_tail, ContainsRegex("20[0-9T:.-]+Z\t" + answer->request_id +
                                              "\tINFO\thello \\{ a: 1 \\}\n"));
  EXPECT_THAT(answer->log_tail, HasSubstr("\tERROR\ttwo\nlines\n"));
}

TEST(RunnerTest, RunsNodeModulesAndCallbacks) {
  TestRunner test;
  const TestRunner::Files files = {
      {"src/module.mjs", "import os from 'node:os'; export const handler = async () => 'module';"},
      {"typed/package.json", R"sh({"type":"module"})sh"},
      {"typed/index.js", "export default { nested: { handler: async () => 'nested' } };"},
      {"callback.cjs",
       "exports.handler = (event, context, callback) => {"
       " setTimeout(() => { context.late = 1; }, 30); callback(null, 'callback'); };"},
      {"never.js", "exports.handler = async () => new Promise(() => {});"},
      {"synchronous.js", "exports.handler = () => 'synchronous';"},
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"src/module.handler", "\"module\""},       {"typed/index.nested.handler", "\"nested\""},
      {"callback.handler", "\"callback\""},       {"never.handler", "null"},
      {"synchronous.handler", "\"synchronous\""},
  };
  int number = 0;
  for (const auto& [handler, expected] : cases) {
    const auto version =
        test.function("node" + std::to_string(number++), "nodejs20.x", handler, files);
    EXPECT_EQ(payload_of(test.invoke(version, "{}")), expected) << handler;
    EXPECT_EQ(payload_of(test.invoke(version, "{}")), expected) << handler;
  }
}

TEST(RunnerTest, ReportsErrorsOfNode) {
  TestRunner test;
  const TestRunner::Files files = {
      {"throws.js", "exports.handler = async () => { const e = new TypeError('bad'); throw e; };"},
      {"uncaught.js",
       "exports.handler = () => { setTimeout(() => { throw new Error('late'); }, 5); };"},
      {"rejected.js",
       "exports.handler = async () => { Promise.reject(new Error('lost'));"
       " await new Promise(r => setTimeout(r, 1000)); };"},
      {"exits.js", "exports.handler = async () => { process.exit(3); };"},
      {"syntax.js", "exports.handler = ("},
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"throws.handler",
       R"sh({"errorType":"TypeError","errorMessage":"bad","trace":["TypeError: bad","    at )sh"},
      {"uncaught.handler",
       R"sh({"errorType":"Error","errorMessage":"late","trace":["Error: late",)sh"},
      {"rejected.handler",
       R"sh({"errorType":"Runtime.UnhandledPromiseRejection","errorMessage":"Error: lost")sh"},
      {"exits.handler", R"sh({"errorType":"Runtime.ExitError","errorMessage":"RequestId: )sh"},
      {"absent.handler",
       R"sh({"errorType":"Runtime.ImportModuleError","errorMessage":"Error: Cannot find module 'absent')sh"},
      {"throws.absent",
       R"sh({"errorType":"Runtime.HandlerNotFound","errorMessage":"throws.absent is undefined or not exported")sh"},
      {"syntax.handler", R"sh({"errorType":"Runtime.UserCodeSyntaxError",)sh"},
      {"nonsense",
       R"sh({"errorType":"Runtime.MalformedHandlerName","errorMessage":"Bad handler")sh"},
  };
  int number = 0;
  for (const auto& [handler, expected] : cases) {
    const auto version =
        test.function("failing" + std::to_string(number++), "nodejs20.x", handler, files);
    EXPECT_THAT(error_of(test.invoke(version, "{}")), StartsWith(expected)) << handler;
    EXPECT_THAT(error_of(test.invoke(version, "{}")), StartsWith(expected)) << handler;
  }
}

TEST(RunnerTest, RunsPython) {
  TestRunner test;
  const auto version =
      test.function("python", "python3.11", "src/app.handler", {{"src/app.py", R"sh(
import logging
logging.getLogger().setLevel(logging.INFO)
def handler(event, context):
    print("printed", event["k"])
    logging.info("two\nlines")
    return {"name": context.function_name, "left": context.get_remaining_time_in_millis() > 1000,
            "id": context.aws_request_id, "stream": context.log_stream_name}
)sh"}});
  InvokeRequest request;
  request.wants_log_tail = true;
  const auto answer = test.invoke(version, R"sh({"k":"ü"})sh", request);
  EXPECT_EQ(payload_of(answer), R"sh({"name": "python", "left": true, "id": ")sh" +
                                    answer->request_id + R"sh(", "stream": ")sh" +
                                    test.log().streams("/aws/lambda/python")[0] + "\"}");
  EXPECT_THAT(answer->log_tail, HasSubstr("\nprinted ü\n"));
  EXPECT_THAT(answer->log_tail, ContainsRegex("\n\\[INFO\\]\t20[0-9T:.-]+Z\t" + answer->request_id +
                                              "\ttwo\nlines\n"));
}

TEST(RunnerTest, ReportsErrorsOfPython) {
  TestRunner test;
  const TestRunner::Files files = {
      {"throws.py", "def handler(event, context):\n    raise ValueError('bad')\n"},
      {"unfit.py", "def handler(event, context):\n    return object()\n"},
      {"exits.py", "import os\ndef handler(event, context):\n    os._exit(0)\n"},
      {"syntax.py", "def handler("},
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"throws.handler",
       R"sh({"errorMessage": "bad", "errorType": "ValueError", "requestId": ")sh"},
      {"unfit.handler",
       R"sh({"errorMessage": "Unable to marshal response: Object of type object is not JSON serializable", "errorType": "Runtime.MarshalError")sh"},
      {"exits.handler", R"sh({"errorType":"Runtime.ExitError","errorMessage":"RequestId: )sh"},
      {"absent.handler",
       R"sh({"errorMessage": "Unable to import module 'absent': No module named 'absent'", "errorType": "Runtime.ImportModuleError")sh"},
      {"throws.absent",
       R"sh({"errorMessage": "Handler 'absent' missing on module 'throws'", "errorType": "Runtime.HandlerNotFound")sh"},
      {"syntax.handler", R"sh({"errorMessage": "Syntax error in module 'syntax': )sh"},
      {"nonsense",
       R"sh({"errorMessage": "Bad handler 'nonsense': not enough values to unpack (expected 2, got 1)", "errorType": "Runtime.MalformedHandlerName")sh"},
  };
  int number = 0;
  for (const auto& [handler, expected] : cases) {
    const auto version =
        test.function("failing" + std::to_string(number++), "python3.11", handler, files);
    EXPECT_THAT(error_of(test.invoke(version, "{}")), StartsWith(expected)) << handler;
  }
}

TEST(RunnerTest, StartsAnInstanceForEachConcurrentInvocation) {
  TestRunner test;
  const auto version = test.shell("slow", "sleep 0.5; respond 1");
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] { EXPECT_EQ(payload_of(test.invoke(version, "{}")), "1"); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(test.log().streams("/aws/lambda/slow").size(), 3U);
}

TEST(RunnerTest, ThrottlesAboveTheLimits) {
  FunctionSettings settings;
  settings.concurrency_max = 2;
  TestRunner test(settings);
  const auto version = test.shell("limited", "respond 1");
  test.runner().reserve("limited", 0);
  const auto refused = test.invoke(version, "{}");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kTooManyRequestsException);
  test.runner().reserve("limited", std::nullopt);
  EXPECT_EQ(payload_of(test.invoke(version, "{}")), "1");
  // Above as many instances as there may be, one that waits makes room.
  for (const char* name : {"other", "another"}) {
    EXPECT_EQ(payload_of(test.invoke(test.shell(name, "respond 2"), "{}")), "2");
  }
  // Each a supervisor, the shell and its curl.
  EXPECT_TRUE(test.has_processes(2 * 3));
}

TEST(RunnerTest, EndsInstancesOfRetiredRevisionsAndIdleOnes) {
  FunctionSettings settings;
  settings.idle_seconds = 1;
  TestRunner test(settings);
  const auto version = test.custom("changing");
  EXPECT_EQ(payload_of(test.invoke(version, "1")), "1");
  test.runner().retire("changing", "2");
  EXPECT_EQ(test.process_count(), 2U);
  test.runner().retire("changing", "1");
  EXPECT_TRUE(test.has_processes(0));
  EXPECT_EQ(payload_of(test.invoke(version, "1")), "1");
  EXPECT_EQ(test.process_count(), 2U);
  EXPECT_TRUE(test.has_processes(0));
  EXPECT_EQ(test.log().streams("/aws/lambda/changing").size(), 2U);
}

TEST(RunnerTest, SaysWhatItCannotRun) {
  FunctionSettings settings;
  settings.node = "no-such-node";
  TestRunner test(settings);
  EXPECT_THAT(error_of(test.invoke(test.function("a", "provided.al2023", "x", {}), "{}")),
              AllOf(HasSubstr("Runtime.InvalidEntrypoint"),
                    HasSubstr("Error: Couldn't find valid bootstrap(s): [")));
  EXPECT_THAT(
      error_of(test.invoke(test.function("b", "nodejs22.x", "x.y", {}), "{}")),
      HasSubstr("The runtime nodejs22.x needs no-such-node, which this machine does not have"));
  const auto broken = test.function("c", "provided.al2023", "x", {{"bootstrap", "no program"}});
  EXPECT_THAT(error_of(test.invoke(broken, "{}")),
              AllOf(HasSubstr("Runtime.InvalidEntrypoint"), HasSubstr("Exec format error")));
  EXPECT_TRUE(test.has_processes(0));
}

}  // namespace
}  // namespace millrace::functions
