#include "cli/bench/report.h"

#include <gmock/gmock.h>

namespace millrace::cli::bench {
namespace {

using ::testing::HasSubstr;

BenchReport example() {
  BenchReport report;
  report.seconds = 2;
  report.generator_cpu_seconds = 0.5;
  for (int i = 1; i <= 1'000; ++i) report.tally.latencies.record(std::chrono::milliseconds(i));
  report.tally.error_counts = {{"Timeout", 2}};
  return report;
}

TEST(Report, TextTellsPeople) {
  EXPECT_EQ(to_text({}, example()),
            "mixed: 32 connections, 1 thread(s), 10000 items of 1024 bytes\n"
            "  500 requests/s (1000 in 2.0 s; the generator used 0.5 s of CPU)\n"
            "  latency: p50 503.32 ms, p99 1000.00 ms, p99.9 1000.00 ms, max 1000.00 ms\n"
            "  errors: 2\n"
            "    2 Timeout\n");
}

TEST(Report, JsonTellsPrograms) {
  EXPECT_EQ(to_json({}, example()),
            R"({"workload":"mixed","connections":32,"threads":1,"items":10000,)"
            R"("item_bytes":1024,"stream_view_type":"","seconds":2.000,)"
            R"("generator_cpu_seconds":0.500,"requests":1000,"requests_per_second":500.0,)"
            R"("latency_microseconds":{"p50":503317,"p99":1000000,"p99_9":1000000,"max":1000000},)"
            R"("errors":{"Timeout":2}})");
}

TEST(Report, CountsThePutsOfFollow) {
  BenchOptions options;
  options.workload = Workload::kFollow;
  BenchReport report = example();
  report.puts = 800;
  report.tally.records = 1'000;
  EXPECT_THAT(to_text(options, report), HasSubstr("  400 requests/s (800 in 2.0 s"));
  EXPECT_THAT(to_text(options, report), HasSubstr("  1000 records to 1 reader(s), 5000 puts/s"));
  EXPECT_THAT(to_json(options, report),
              HasSubstr(R"("requests":800,"requests_per_second":400.0,"records":1000,)"));
}

TEST(Report, CountsTheItemsOfAScan) {
  BenchOptions options;
  options.workload = Workload::kScan;
  BenchReport report = example();
  report.tally.records = 3'000;
  EXPECT_THAT(to_text(options, report), HasSubstr("  1500 items/s\n"));
  EXPECT_THAT(to_json(options, report), HasSubstr(R"("items_read":3000,)"));
}

}  // namespace
}  // namespace millrace::cli::bench
