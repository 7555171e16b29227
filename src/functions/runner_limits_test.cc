// Functions that misbehave: every invocation ends, bounded, and hurts no other.
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "functions/control_groups.h"
#include "functions/runner_testing.h"

namespace millrace::functions {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

bool becomes_empty(const std::string& directory) {
  const auto deadline = steady_clock::now() + seconds(5);
  while (!std::filesystem::is_empty(directory) && steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  return std::filesystem::is_empty(directory);
}

class RunnerLimitsTest : public testing::Test {
 protected:
  std::string error_of(const FunctionVersionPointer& version, const std::string& payload = "{}") {
    InvokeRequest request;
    request.wants_log_tail = true;
    const auto answer = test_.invoke(version, payload, request);
    if (!answer.ok()) return "error: " + answer.error().message;
    EXPECT_EQ(answer->function_error, "Unhandled") << answer->payload;
    tail_ = answer->log_tail;
    request_id_ = answer->request_id;
    return answer->payload;
  }
  std::string payload_of(const FunctionVersionPointer& version, const std::string& payload = "{}") {
    const auto answer = test_.invoke(version, payload);
    if (!answer.ok()) return "error: " + answer.error().message;
    EXPECT_EQ(answer->function_error, "") << answer->payload;
    return answer->payload;
  }

  TestRunner test_;
  std::string tail_;
  std::string request_id_;
};

TEST_F(RunnerLimitsTest, TimesOutWithItsWholeGroup) {
  const auto version = test_.shell("sleeper", "echo before; (setsid sleep 1000 &); sleep 1000");
  version->timeout_seconds = 1;
  const auto begin = steady_clock::now();
  const std::string error = error_of(version);
  EXPECT_EQ(error, R"sh({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: )sh" +
                       request_id_ + R"sh( Error: Task timed out after 1.00 seconds"})sh");
  EXPECT_LT(steady_clock::now() - begin, seconds(3));
  EXPECT_THAT(tail_,
              AllOf(HasSubstr("\nbefore\n"),
                    ContainsRegex("Z " + request_id_ + " Task timed out after 1.00 seconds\nEND "),
                    ContainsRegex("Duration: 10[0-9][0-9]\\.[0-9]+ ms.*\tStatus: timeout\n")));
  EXPECT_TRUE(test_.has_processes(0));
}

TEST_F(RunnerLimitsTest, CrashesEndTheirInvocationAlone) {
  const auto version = test_.shell(
      "crash",
      R"sh(case $event in 3) exit 3;; 9) kill -9 $$;; 0) exit 0;; *) respond "$event";; esac)sh");
  EXPECT_EQ(payload_of(version, "1"), "1");
  const std::string error = error_of(version, "3");
  EXPECT_EQ(error, R"sh({"errorType":"Runtime.ExitError","errorMessage":"RequestId: )sh" +
                       request_id_ + R"sh( Error: Runtime exited with error: exit status 3"})sh");
  EXPECT_THAT(tail_, HasSubstr("\tStatus: error\tError Type: Runtime.ExitError\n"));
  EXPECT_EQ(payload_of(version, "1"), "1");
  EXPECT_THAT(error_of(version, "9"), HasSubstr("Runtime exited with error: signal: killed"));
  EXPECT_THAT(error_of(version, "0"), HasSubstr("Runtime exited without providing a reason"));
  EXPECT_EQ(payload_of(version, "2"), "2");
}

TEST_F(RunnerLimitsTest, ReportsWhatGoesWrongInTheInitPhase) {
  EXPECT_THAT(error_of(test_.shell("exits", "respond 1", "echo starting; exit 7")),
              HasSubstr("Runtime exited with error: exit status 7"));
  EXPECT_THAT(tail_, AllOf(HasSubstr("starting\n"), HasSubstr("INIT_REPORT Init Duration: "),
                           HasSubstr("\tPhase: init\tStatus: error\tError Type: Runtime.ExitError\n"
                                     "START RequestId: ")));
  EXPECT_EQ(error_of(test_.shell(
                "tells", "respond 1",
                R"sh(post init/error '{"errorType":"My","errorMessage":"no"}'; sleep 60)sh")),
            R"sh({"errorType":"My","errorMessage":"no"})sh");
  EXPECT_TRUE(test_.has_processes(0));
}

TEST_F(RunnerLimitsTest, BoundsTheAnswer) {
  const auto version = test_.custom("custom");
  EXPECT_EQ(
      error_of(version, R"sh({"do":"large"})sh"),
      R"sh({"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size )sh"
      R"sh((7340034 bytes) exceeded maximum allowed payload size (6291556 bytes)."})sh");
  EXPECT_EQ(payload_of(version, "1"), "1");
  EXPECT_EQ(payload_of(version, R"sh({"do":"twice"})sh"), "1");
  EXPECT_EQ(payload_of(version, R"sh({"do":"garbage"})sh"), "not { JSON");
  std::string large(5'000'000, 'y');
  large.front() = large.back() = '"';
  EXPECT_EQ(payload_of(version, large), large);
  EXPECT_EQ(test_.log().streams("/aws/lambda/custom").size(), 1U);
}

TEST_F(RunnerLimitsTest, AnAnswerCutShortIsNone) {
  // Announces more than it sends, and dies.
  const auto version = test_.shell("short", R"sh(exec 5<>"/dev/tcp/${AWS_LAMBDA_RUNTIME_API/://}"
printf 'POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf' $id >&5
exit 1)sh");
  EXPECT_THAT(error_of(version), HasSubstr("Runtime exited with error: exit status 1"));
}

TEST_F(RunnerLimitsTest, WrongIdsAndPathsAreRefused) {
  const auto version = test_.shell("wrong", R"sh(
a=$(curl -sS -d 1 -w '%{http_code}' "$api/invocation/nonsense/response")
b=$(curl -sS -d 1 -w '%{http_code}' "$api/elsewhere")
c=$(curl -sS -d 1 -w '%{http_code}' "$api/init/error")
echo "$a" "$b" "$c"
respond 1
echo second: $(curl -sS -d 2 -w '%{http_code}' "$api/invocation/$id/response"))sh");
  EXPECT_EQ(payload_of(version), "1");
  const auto deadline = steady_clock::now() + seconds(10);
  const auto text = [this] { return test_.log().text("/aws/lambda/wrong"); };
  while (text().find("second:") == std::string::npos && steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_THAT(
      text(),
      AllOf(HasSubstr(
                R"sh({"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}400)sh"),
            HasSubstr("}404 "), HasSubstr("The init phase is over"),
            // Of an invocation that is over by then, or not quite.
            ContainsRegex("second: .*(InvalidStateTransition.*403|InvalidRequestID.*400)")));
}

TEST_F(RunnerLimitsTest, AFloodOfOutputIsHeldBackAndStillTimesOut) {
  test_.log().hold();
  const auto version = test_.shell("flood", "yes 'a line that is written again and again'");
  version->timeout_seconds = 1;
  std::thread releaser([this] {
    std::this_thread::sleep_for(seconds(2));
    test_.log().let_go();
  });
  EXPECT_THAT(error_of(version), HasSubstr("Task timed out after 1.00 seconds"));
  EXPECT_LE(tail_.size(), 4096U);
  EXPECT_THAT(tail_, HasSubstr("\nREPORT RequestId: "));
  releaser.join();
  test_.runner().stop();
  EXPECT_LT(test_.log().bytes(), 4'000'000U);
  EXPECT_THAT(test_.log().text("/aws/lambda/flood"), HasSubstr("\nREPORT RequestId: "));
}

TEST_F(RunnerLimitsTest, LongLinesAreCutAndBytesMadeText) {
  const auto version =
      test_.shell("long",
                  "head -c 300000 /dev/zero | tr '\\0' x; echo; printf 'a\\377b\\n'; "
                  "printf 'no end'; respond 1");
  EXPECT_EQ(payload_of(version), "1");
  test_.runner().stop();
  const std::string text = test_.log().text("/aws/lambda/long");
  std::string expected(262144, 'x');
  expected.append("\na\xef\xbf\xbd").append("b\nno end\nEND ");
  EXPECT_THAT(text, HasSubstr(expected));
}

TEST_F(RunnerLimitsTest, AForkBombEndsWithItsInvocation) {
  const auto version = test_.shell(
      "bomb", "bomb() { sleep 100 & setsid sleep 100 & bomb | bomb & }; bomb; sleep 100");
  version->timeout_seconds = 1;
  // Time or memory ends it, whichever is first.
  EXPECT_THAT(error_of(version),
              testing::AnyOf(HasSubstr("Task timed out"), HasSubstr("signal: killed")));
  EXPECT_TRUE(test_.has_processes(0));
  EXPECT_EQ(payload_of(test_.custom("other"), "1"), "1");
}

FunctionVersionPointer hungry(TestRunner& test) {
  return test.function("memory", "python3.11", "app.handler", {{"app.py", R"sh(
def handler(event, context):
    kept = []
    while True:
        kept.append(bytearray(8 * 1024 * 1024))
)sh"}});
}

TEST_F(RunnerLimitsTest, MemoryIsBounded) {
  EXPECT_THAT(error_of(hungry(test_)),
              testing::AnyOf(HasSubstr("signal: killed"), HasSubstr("MemoryError")));
}

TEST(RunnerResourcesTest, MemoryIsBoundedWithoutControlGroupsAndNodeRuns) {
  FunctionSettings settings;
  settings.control_groups = false;
  TestRunner test(settings);
  EXPECT_THAT(test.invoke(hungry(test), "{}")->payload, HasSubstr("MemoryError"));
  const auto node = test.function("node", "nodejs20.x", "index.handler", {{"index.mjs", R"sh(
export const handler = async () => JSON.parse("[" + "1,".repeat(1000000) + "1]").length;)sh"}});
  EXPECT_EQ(test.invoke(node, "{}")->payload, "1000001");
}

TEST(RunnerResourcesTest, AnInstanceIsInItsControlGroups) {
  const ControlGroups groups = ControlGroups::find();
  if (!groups.bounds_memory()) GTEST_SKIP() << "this process may make no control groups";
  TestRunner test;
  const auto version = test.shell("groups", R"sh(respond "$(cat /proc/self/cgroup)")sh");
  EXPECT_THAT(test.invoke(version, "{}")->payload, ContainsRegex("/millrace-[0-9a-f]{32}"));
}

TEST(RunnerResourcesTest, AnInitPhaseHasATimeOfItsOwn) {
  FunctionSettings settings;
  settings.init_seconds = 1;
  TestRunner test(settings);
  const auto answer = test.invoke(test.shell("slow", "respond 1", "sleep 100"), "{}");
  EXPECT_THAT(answer->payload, HasSubstr("Error: Task timed out after 1.00 seconds"));
  test.runner().stop();
  EXPECT_THAT(
      test.log().text("/aws/lambda/slow"),
      ContainsRegex(
          "INIT_REPORT Init Duration: 10[0-9]{2}.[0-9]{2} ms\tPhase: init\tStatus: timeout\n"));
}

TEST_F(RunnerLimitsTest, AFunctionAgainstItsSupervisorEndsAlone) {
  const auto killer = test_.shell("killer", "(setsid sleep 1000 &) ; kill -9 $PPID; sleep 1000");
  EXPECT_THAT(error_of(killer), HasSubstr("signal: killed"));
  const auto stopper = test_.shell("stopper", "kill -STOP $PPID; sleep 1000");
  stopper->timeout_seconds = 1;
  EXPECT_THAT(error_of(stopper), HasSubstr("Task timed out"));
  if (ControlGroups::find().bounds_memory()) {
    EXPECT_TRUE(test_.has_processes(0));
  }
  EXPECT_TRUE(becomes_empty(test_.directory() + "/scratch/instances"));
}

TEST_F(RunnerLimitsTest, FilesAreBoundedAndRemoved) {
  const auto version = test_.shell(
      "files",
      R"sh(echo kept > "$TMPDIR/kept"; head -c 30000000 /dev/zero > "$TMPDIR/large" 2> /dev/null;
respond "$(stat -c %s "$TMPDIR/large")")sh");
  version->ephemeral_storage_mebibytes = 10;
  EXPECT_EQ(payload_of(version), "10485760");
  const std::string instances = test_.directory() + "/scratch/instances";
  EXPECT_FALSE(std::filesystem::is_empty(instances));
  test_.runner().retire("files", "");
  EXPECT_TRUE(becomes_empty(instances));
}

TEST_F(RunnerLimitsTest, GetsNoDescriptorOfTheServer) {
  const auto version = test_.shell("descriptors", R"sh(ls /proc/$$/fd > "$TMPDIR/open"
respond "$(tr '\n' ' ' < "$TMPDIR/open")")sh");
  // 255 is bash's own: its script.
  EXPECT_EQ(payload_of(version), "0 1 2 255 ");
}

TEST_F(RunnerLimitsTest, StopAnswersWhatRuns) {
  const auto version = test_.shell("sleeper", "sleep 1000");
  std::thread stopper([this] {
    std::this_thread::sleep_for(milliseconds(300));
    test_.runner().stop();
  });
  const auto answer = test_.invoke(version, "{}");
  stopper.join();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kServiceException);
  EXPECT_TRUE(test_.has_processes(0));
  EXPECT_FALSE(test_.invoke(version, "{}").ok());
}

// Runs a function that has children in other sessions, until it is killed.
[[noreturn]] void be_a_server(int tell) {
  TestRunner test;
  const auto version = test.shell(
      "orphans",
      "(setsid sleep 1000 &); sleep 1000 & (setsid bash -c 'sleep 1000; true' &); sleep 1000");
  version->timeout_seconds = 900;
  std::thread watcher([&] {
    if (test.has_processes(7)) {
      const std::string path = test.directory();
      (void)!write(tell, path.data(), path.size());
    }
    close(tell);
  });
  (void)test.invoke(version, "{}");
  _exit(0);
}

TEST(RunnerOwnerTest, NothingIsLeftWhenTheServerIsKilled) {
  int ends[2] = {};
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const pid_t server = fork();
  if (server == 0) {
    close(ends[0]);
    be_a_server(ends[1]);
  }
  close(ends[1]);
  std::string path(4096, 0);
  const ssize_t size = read(ends[0], path.data(), path.size());
  close(ends[0]);
  ASSERT_GT(size, 0) << "the processes did not start";
  path.resize(static_cast<size_t>(size));
  EXPECT_GT(processes_with(path + "/scratch/instances"), 5U);
  kill(server, SIGKILL);
  waitpid(server, nullptr, 0);
  const auto deadline = steady_clock::now() + seconds(3);
  while (processes_with(path + "/scratch/instances") > 0 && steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(processes_with(path + "/scratch/instances"), 0U);
  std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace millrace::functions
