// What the way to a warm function and back costs; printed, and bounded far above what is normal.
#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "functions/runner_testing.h"

namespace millrace::functions {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr size_t kWarmUp = 50;
constexpr size_t kInvocations = 500;

void measure(TestRunner& test, const FunctionVersionPointer& version, const std::string& payload) {
  std::vector<double> took;
  for (size_t i = 0; i < kWarmUp + kInvocations; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const auto answer = test.invoke(version, payload);
    ASSERT_TRUE(answer.ok());
    if (i >= kWarmUp)
      took.push_back(Milliseconds(std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(took.begin(), took.end());
  const double median = took[took.size() / 2];
  std::printf("%-8s %8zu bytes: p50 %.2f ms, p99 %.2f ms\n", version->name.c_str(), payload.size(),
              median, took[took.size() * 99 / 100]);
  EXPECT_LT(median, 50);
}

TEST(RunnerSpeedTest, WarmInvocations) {
  TestRunner test;
  const auto node = test.function("node", "nodejs20.x", "index.handler",
                                  {{"index.mjs", "export const handler = async (e) => e.length;"}});
  const auto python = test.function("python", "python3.11", "app.handler",
                                    {{"app.py", "def handler(e, c):\n    return len(e)\n"}});
  const auto custom = test.custom("custom");
  for (const auto& version : {custom, node, python}) {
    measure(test, version, R"(["small"])");
    std::string large(1'000'000, 'x');
    large.front() = large.back() = '"';
    measure(test, version, large);
  }
}

}  // namespace
}  // namespace millrace::functions
