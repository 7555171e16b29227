#include "triggers/describe_trigger_statistics.h"

#include "json/writer.h"

namespace millrace::triggers {
namespace {

std::string statistics_text(const std::string& uuid, const MappingStatistics& statistics) {
  std::string out;
  json::Writer writer(out);
  const MappingCounts& counts = statistics.counts;
  // What waits is older than what was worked off last.
  const auto age = statistics.lag.oldest_record_age_milliseconds
                       ? statistics.lag.oldest_record_age_milliseconds
                       : counts.iterator_age_milliseconds;
  writer.begin_object();
  writer.member("UUID", uuid);
  if (age) writer.member("IteratorAgeMilliseconds", *age);
  writer.member("RecordsBehind", statistics.lag.records_behind);
  writer.member("Batches", counts.batches);
  writer.member("Records", counts.records);
  writer.member("Failures", counts.failures);
  writer.member("Retries", counts.retries);
  writer.member("DiscardedRecords", counts.discarded_records);
  writer.member("LostRecords", counts.lost_records);
  writer.end_object();
  return out;
}

}  // namespace

void describe_trigger_statistics(Triggers& triggers, const api::Request& request,
                                 api::Reply reply) {
  const std::string uuid(std::string_view(request.input["UUID"]));
  triggers.describe(uuid, [uuid, reply = std::move(reply)](Result<MappingStatistics> statistics) {
    if (!statistics.ok()) return reply(std::move(statistics).error());
    reply(statistics_text(uuid, *statistics));
  });
}

}  // namespace millrace::triggers
