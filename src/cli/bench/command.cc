#include "cli/bench/command.h"

#include <cstdio>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/bench/bench.h"

namespace millrace::cli::bench {

void add_bench_command(CLI::App& app, BenchFlags& flags) {
  BenchOptions& options = flags.options;
  CLI::App* bench = app.add_subcommand("bench", "Measure a server: throughput and latencies");
  bench->add_option("--endpoint", options.endpoint, "Of the server; a loopback address")
      ->capture_default_str();
  const std::map<std::string, Workload> workloads = {
      {"get", Workload::kGet},           {"put", Workload::kPut},
      {"update", Workload::kUpdate},     {"mixed", Workload::kMixed},
      {"query", Workload::kQuery},       {"batch", Workload::kBatch},
      {"transact", Workload::kTransact}, {"records", Workload::kRecords},
      {"follow", Workload::kFollow},     {"counter", Workload::kCounter},
      {"scan", Workload::kScan},         {"conditional", Workload::kConditional},
      {"batch-get", Workload::kBatchGet}};
  bench
      ->add_option(
          "--workload", options.workload,
          "get, put, update, counter, conditional (puts), mixed (get, put, update: 2:1:1), query "
          "(100 items), scan (of the table, over and over), batch (25 puts), batch-get (100 "
          "items), "
          "transact (4 puts), records (of one shard, over and over) or follow (puts at a rate, and "
          "readers that wait for their records)")
      ->transform(CLI::CheckedTransformer(workloads).description(""))
      ->default_str("mixed");
  bench->add_option("--connections", options.connections, "With one request in flight on each")
      ->capture_default_str();
  bench->add_option("--threads", options.threads, "That share the connections")
      ->capture_default_str();
  auto* seconds = bench->add_option("--seconds", options.seconds, "To run the workload for")
                      ->capture_default_str();
  bench->add_option("--requests", options.requests, "To make instead, however long it takes")
      ->excludes(seconds);
  bench->add_option("--item-bytes", options.item_bytes, "Size of an item")->capture_default_str();
  bench->add_option("--items", options.items, "Number of keys, drawn uniformly")
      ->capture_default_str();
  bench->add_option("--table", options.table, "Created when absent, and then deleted at the end")
      ->capture_default_str();
  bench->add_flag("--keep", options.keep_table, "Do not delete the table");
  bench->add_flag("--loaded", options.loaded, "The table holds the items of an earlier run");
  bench->add_option("--stream", options.stream_view_type, "View type of a stream to create it with")
      ->check(CLI::IsMember({"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"}));
  bench->add_option("--rate", options.writes_per_second, "Writes a second of the workload follow")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  bench->add_option("--readers", options.readers, "Of the workload follow, each of every shard")
      ->capture_default_str();
  bench->add_flag("--index", options.index, "Give it a global secondary index of all attributes");
  bench->add_option("--region", options.region, "To sign for")->capture_default_str();
  bench->add_option("--timeout", options.timeout_seconds, "Seconds that an answer may take")
      ->capture_default_str();
  bench->add_option("--seed", options.seed, "Of keys and payloads")->capture_default_str();
  bench->add_flag("--json", flags.json, "Print one JSON object");
}

int run_bench_command(const BenchFlags& flags) {
  Result<BenchReport> report = run_bench(flags.options);
  if (!report.ok()) {
    fmt::print(stderr, "millrace bench: {}\n", report.error().message);
    return 1;
  }
  if (flags.json)
    fmt::print("{}\n", to_json(flags.options, *report));
  else
    fmt::print("{}", to_text(flags.options, *report));
  return report->tally.error_counts.empty() ? 0 : 1;
}

}  // namespace millrace::cli::bench
