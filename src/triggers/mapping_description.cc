#include "triggers/mapping_description.h"

#include "triggers/mapping_tags.h"

namespace millrace::triggers {
namespace {

void write_filters(json::Writer& writer, const Mapping& mapping) {
  if (mapping.filter_patterns.empty()) return;
  writer.key("FilterCriteria");
  writer.begin_object();
  writer.key("Filters");
  writer.begin_array();
  for (const std::string& pattern : mapping.filter_patterns) {
    writer.begin_object();
    writer.member("Pattern", pattern);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
}

void write_destination(json::Writer& writer, const Mapping& mapping) {
  writer.key("DestinationConfig");
  writer.begin_object();
  writer.key("OnFailure");
  writer.begin_object();
  if (!mapping.on_failure_destination.empty()) {
    writer.member("Destination", mapping.on_failure_destination);
  }
  writer.end_object();
  writer.end_object();
}

}  // namespace

void write_mapping_description(json::Writer& writer, const Mapping& mapping,
                               const MappingServices& services) {
  const auto result = services.last_processing_result(mapping.uuid);
  writer.begin_object();
  writer.member("UUID", mapping.uuid);
  writer.member("StartingPosition", starting_position_name(mapping.starting_position));
  writer.member("BatchSize", mapping.batch_size);
  writer.member("MaximumBatchingWindowInSeconds", mapping.maximum_batching_window_seconds);
  writer.member("ParallelizationFactor", mapping.parallelization_factor);
  writer.member("EventSourceArn", mapping.event_source_arn);
  write_filters(writer, mapping);
  writer.member("FunctionArn", mapping.function_arn);
  writer.key("LastModified");
  writer.timestamp_milliseconds(mapping.last_modified_milliseconds);
  writer.member("LastProcessingResult", result.value_or("No records processed"));
  writer.member("State", mapping_state_name(mapping.state));
  writer.member("StateTransitionReason", mapping.state_transition_reason);
  write_destination(writer, mapping);
  writer.member("MaximumRecordAgeInSeconds", mapping.maximum_record_age_seconds);
  writer.member("BisectBatchOnFunctionError", mapping.bisect_batch_on_function_error);
  writer.member("MaximumRetryAttempts", mapping.maximum_retry_attempts);
  writer.member("TumblingWindowInSeconds", mapping.tumbling_window_seconds);
  writer.key("FunctionResponseTypes");
  writer.begin_array();
  if (mapping.report_batch_item_failures) writer.string("ReportBatchItemFailures");
  writer.end_array();
  writer.member("EventSourceMappingArn", mapping_arn(services.catalog.site(), mapping.uuid));
  writer.end_object();
}

api::RestAnswer mapping_answer(const Mapping& mapping, const MappingServices& services) {
  api::RestAnswer answer;
  json::Writer writer(answer.body);
  write_mapping_description(writer, mapping, services);
  return answer;
}

}  // namespace millrace::triggers
