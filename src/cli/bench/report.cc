#include "cli/bench/report.h"

#include <fmt/format.h>

#include "json/writer.h"

namespace millrace::cli::bench {

namespace {

uint64_t requests_of(const BenchReport& report) {
  return report.puts.value_or(report.tally.latencies.count());
}

double per_second(const BenchReport& report) {
  if (report.seconds <= 0) return 0;
  return static_cast<double>(requests_of(report)) / report.seconds;
}

std::string milliseconds(std::chrono::nanoseconds latency) {
  return fmt::format("{:.2f} ms", static_cast<double>(latency.count()) / 1e6);
}

int64_t microseconds(std::chrono::nanoseconds latency) {
  return std::chrono::ceil<std::chrono::microseconds>(latency).count();
}

}  // namespace

std::string_view workload_name(Workload workload) {
  switch (workload) {
    case Workload::kGet:
      return "get";
    case Workload::kPut:
      return "put";
    case Workload::kUpdate:
      return "update";
    case Workload::kMixed:
      return "mixed";
    case Workload::kQuery:
      return "query";
    case Workload::kBatch:
      return "batch";
    case Workload::kTransact:
      return "transact";
    case Workload::kRecords:
      return "records";
    case Workload::kFollow:
      return "follow";
    case Workload::kCounter:
      return "counter";
    case Workload::kConditional:
      return "conditional";
    case Workload::kScan:
      return "scan";
    case Workload::kBatchGet:
      return "batch-get";
  }
  return "";
}

std::string to_text(const BenchOptions& options, const BenchReport& report) {
  const LatencyHistogram& latencies = report.tally.latencies;
  std::string out = fmt::format(
      "{}: {} connections, {} thread(s), {} items of {} bytes{}\n", workload_name(options.workload),
      options.connections, options.threads, options.items, options.item_bytes,
      options.stream_view_type.empty() ? "" : ", stream of " + options.stream_view_type);
  out += fmt::format("  {:.0f} requests/s ({} in {:.1f} s; the generator used {:.1f} s of CPU)\n",
                     per_second(report), requests_of(report), report.seconds,
                     report.generator_cpu_seconds);
  if (options.workload == Workload::kRecords || options.workload == Workload::kScan) {
    out +=
        fmt::format("  {:.0f} {}/s\n", static_cast<double>(report.tally.records) / report.seconds,
                    options.workload == Workload::kScan ? "items" : "records");
  }
  if (report.puts) {
    out += fmt::format("  {} records to {} reader(s), {} puts/s asked for\n", report.tally.records,
                       options.readers, options.writes_per_second);
  }
  out += fmt::format("  latency{}: p50 {}, p99 {}, p99.9 {}, max {}\n",
                     report.puts ? ", from acknowledgement to record" : "",
                     milliseconds(latencies.quantile(0.5)), milliseconds(latencies.quantile(0.99)),
                     milliseconds(latencies.quantile(0.999)), milliseconds(latencies.max()));
  out += fmt::format("  errors: {}\n", report.tally.errors());
  for (const auto& [name, count] : report.tally.error_counts) {
    out += fmt::format("    {} {}\n", count, name);
  }
  return out;
}

std::string to_json(const BenchOptions& options, const BenchReport& report) {
  const LatencyHistogram& latencies = report.tally.latencies;
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("workload", workload_name(options.workload));
  writer.member("connections", static_cast<int64_t>(options.connections));
  writer.member("threads", static_cast<int64_t>(options.threads));
  writer.member("items", static_cast<int64_t>(options.items));
  writer.member("item_bytes", static_cast<int64_t>(options.item_bytes));
  writer.member("stream_view_type", options.stream_view_type);
  writer.key("seconds");
  writer.raw(fmt::format("{:.3f}", report.seconds));
  writer.key("generator_cpu_seconds");
  writer.raw(fmt::format("{:.3f}", report.generator_cpu_seconds));
  writer.member("requests", static_cast<int64_t>(requests_of(report)));
  writer.key("requests_per_second");
  writer.raw(fmt::format("{:.1f}", per_second(report)));
  if (options.workload == Workload::kRecords || report.puts) {
    writer.member("records", static_cast<int64_t>(report.tally.records));
  }
  if (options.workload == Workload::kScan) {
    writer.member("items_read", static_cast<int64_t>(report.tally.records));
  }
  writer.key("latency_microseconds");
  writer.begin_object();
  writer.member("p50", microseconds(latencies.quantile(0.5)));
  writer.member("p99", microseconds(latencies.quantile(0.99)));
  writer.member("p99_9", microseconds(latencies.quantile(0.999)));
  writer.member("max", microseconds(latencies.max()));
  writer.end_object();
  writer.key("errors");
  writer.begin_object();
  for (const auto& [name, count] : report.tally.error_counts) {
    writer.member(name, static_cast<int64_t>(count));
  }
  writer.end_object();
  writer.end_object();
  return out;
}

}  // namespace millrace::cli::bench
