#include "triggers/metrics.h"

#include <fmt/format.h>

#include "catalog/arn.h"

namespace millrace::triggers {
namespace {

using Described = Triggers::Described;

struct Metric {
  const char* name;
  const char* type;
  const char* help;
  double (*value)(const MappingStatistics& statistics);
};

double iterator_age_seconds(const MappingStatistics& statistics) {
  const auto age = statistics.lag.oldest_record_age_milliseconds;
  return static_cast<double>(age ? *age : statistics.counts.iterator_age_milliseconds.value_or(0)) /
         1000;
}

// Counters begin at 0 with the server.
constexpr Metric kMetrics[] = {
    {"iterator_age_seconds", "gauge",
     "Age of the oldest record that waits, or of the last that was worked off",
     iterator_age_seconds},
    {"records_behind", "gauge", "Records that wait, before filters",
     [](const MappingStatistics& s) { return static_cast<double>(s.lag.records_behind); }},
    {"batches_total", "counter", "Invocations that ended well",
     [](const MappingStatistics& s) { return static_cast<double>(s.counts.batches); }},
    {"records_total", "counter", "Records that the function worked off",
     [](const MappingStatistics& s) { return static_cast<double>(s.counts.records); }},
    {"failures_total", "counter", "Invocations that failed or could not be made",
     [](const MappingStatistics& s) { return static_cast<double>(s.counts.failures); }},
    {"retries_total", "counter", "Invocations with what had failed before",
     [](const MappingStatistics& s) { return static_cast<double>(s.counts.retries); }},
    {"discarded_records_total", "counter", "Records given up for their attempts or their age",
     [](const MappingStatistics& s) { return static_cast<double>(s.counts.discarded_records); }},
    {"lost_records_total", "counter", "Records trimmed from the stream before they were read",
     [](const MappingStatistics& s) { return static_cast<double>(s.counts.lost_records); }},
};

// No character of these needs an escape: UUIDs, names of tables, ARNs.
std::string labels_of(const Mapping& mapping) {
  const auto stream = catalog::parse_stream_arn(mapping.event_source_arn);
  return fmt::format(R"(mapping="{}",table="{}",function="{}")", mapping.uuid,
                     stream ? stream->table_name : "", mapping.function_arn);
}

std::string metrics_text(const std::vector<Described>& all) {
  std::string out;
  for (const Metric& metric : kMetrics) {
    out += fmt::format("# HELP millrace_trigger_{0} {1}\n# TYPE millrace_trigger_{0} {2}\n",
                       metric.name, metric.help, metric.type);
    for (const Described& each : all) {
      out += fmt::format("millrace_trigger_{}{{{}}} {}\n", metric.name, labels_of(*each.mapping),
                         metric.value(each.statistics));
    }
  }
  return out;
}

}  // namespace

void write_metrics(Triggers& triggers, std::function<void(Result<std::string>)> done) {
  triggers.describe_all([done = std::move(done)](const Result<std::vector<Described>>& all) {
    if (!all.ok()) return done(all.error());
    done(metrics_text(*all));
  });
}

}  // namespace millrace::triggers
