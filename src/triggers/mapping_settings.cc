#include "triggers/mapping_settings.h"

#include <fmt/format.h>

#include "ops/input.h"
#include "triggers/event_pattern.h"
#include "triggers/mapping_errors.h"

namespace millrace::triggers {
namespace {

using ops::objects_of;
using ops::optional_boolean;
using ops::optional_integer;
using ops::optional_object;
using ops::optional_string;

constexpr int64_t kRecordAgeMin = 60;

// Of event sources that are not DynamoDB streams, or nothing that this server does.
constexpr std::string_view kUnsupported[] = {"AmazonManagedKafkaEventSourceConfig",
                                             "DocumentDBEventSourceConfig",
                                             "KMSKeyArn",
                                             "LoggingConfig",
                                             "MetricsConfig",
                                             "ProvisionedPollerConfig",
                                             "Queues",
                                             "ScalingConfig",
                                             "SelfManagedEventSource",
                                             "SelfManagedKafkaEventSourceConfig",
                                             "SourceAccessConfigurations",
                                             "StartingPositionTimestamp",
                                             "Topics"};

// An empty text, list or structure asks for nothing.
bool asks_for_something(json::Element value) {
  json::Array array;
  json::Object object;
  std::string_view text;
  if (value.get(array) == simdjson::SUCCESS) return array.size() > 0;
  if (value.get(object) == simdjson::SUCCESS) return object.size() > 0;
  return value.get(text) != simdjson::SUCCESS || !text.empty();
}

Result<std::optional<std::vector<std::string>>> read_filters(json::Object input) {
  const auto criteria = optional_object(input, "FilterCriteria");
  if (!criteria) return std::optional<std::vector<std::string>>();
  std::vector<std::string> patterns;
  for (const json::Object filter : objects_of(*criteria, "Filters")) {
    const auto pattern = optional_string(filter, "Pattern");
    TRY(EventPattern::compile(pattern.value_or("")));
    patterns.emplace_back(*pattern);
  }
  if (patterns.size() > kFiltersMax) {
    return invalid_parameter(
        fmt::format("FilterCriteria has {} filters, an event source mapping may have up to {}.",
                    patterns.size(), kFiltersMax));
  }
  return std::optional(std::move(patterns));
}

Result<std::optional<std::string>> read_destination(json::Object input,
                                                    const FailureDestinations& destinations) {
  const auto config = optional_object(input, "DestinationConfig");
  if (!config) return std::optional<std::string>();
  const auto on_success = optional_object(*config, "OnSuccess");
  if (on_success && !optional_string(*on_success, "Destination").value_or("").empty()) {
    return invalid_parameter(
        "Unsupported DestinationConfig parameter for given event source mapping type.");
  }
  const auto on_failure = optional_object(*config, "OnFailure");
  std::string arn(on_failure ? optional_string(*on_failure, "Destination").value_or("") : "");
  if (!arn.empty()) TRY(destinations.check(arn));
  return std::optional(std::move(arn));
}

std::optional<bool> read_report_batch_item_failures(json::Object input) {
  json::Array types;
  const auto member = json::member(input, "FunctionResponseTypes");
  if (!member || member->get(types) != simdjson::SUCCESS) return std::nullopt;
  // There is one type.
  return types.size() > 0;
}

template <typename T>
void take(T& value, const std::optional<T>& setting) {
  if (setting) value = *setting;
}

Status check(const Mapping& mapping) {
  const int64_t age = mapping.maximum_record_age_seconds;
  if (age != -1 && age < kRecordAgeMin) {
    return invalid_parameter(
        fmt::format("MaximumRecordAgeInSeconds must be -1 or at least {}.", kRecordAgeMin));
  }
  if (mapping.tumbling_window_seconds > 0 && mapping.parallelization_factor > 1) {
    return invalid_parameter(
        "ParallelizationFactor must be 1 when TumblingWindowInSeconds is set.");
  }
  return Done{};
}

}  // namespace

Result<MappingSettings> read_mapping_settings(json::Object input,
                                              const FailureDestinations& destinations) {
  for (const std::string_view name : kUnsupported) {
    const auto value = json::member(input, name);
    if (!value || !asks_for_something(*value)) continue;
    return invalid_parameter(
        fmt::format("The parameter '{}' is not supported by this version of Millrace", name));
  }
  MappingSettings settings;
  settings.enabled = optional_boolean(input, "Enabled");
  settings.batch_size = optional_integer(input, "BatchSize");
  settings.maximum_batching_window_seconds =
      optional_integer(input, "MaximumBatchingWindowInSeconds");
  settings.parallelization_factor = optional_integer(input, "ParallelizationFactor");
  settings.maximum_record_age_seconds = optional_integer(input, "MaximumRecordAgeInSeconds");
  settings.maximum_retry_attempts = optional_integer(input, "MaximumRetryAttempts");
  settings.bisect_batch_on_function_error = optional_boolean(input, "BisectBatchOnFunctionError");
  settings.report_batch_item_failures = read_report_batch_item_failures(input);
  settings.tumbling_window_seconds = optional_integer(input, "TumblingWindowInSeconds");
  settings.filter_patterns = TRY(read_filters(input));
  settings.on_failure_destination = TRY(read_destination(input, destinations));
  return settings;
}

Result<Mapping> with_settings(Mapping mapping, const MappingSettings& settings) {
  take(mapping.enabled, settings.enabled);
  take(mapping.batch_size, settings.batch_size);
  take(mapping.maximum_batching_window_seconds, settings.maximum_batching_window_seconds);
  take(mapping.parallelization_factor, settings.parallelization_factor);
  take(mapping.maximum_record_age_seconds, settings.maximum_record_age_seconds);
  take(mapping.maximum_retry_attempts, settings.maximum_retry_attempts);
  take(mapping.bisect_batch_on_function_error, settings.bisect_batch_on_function_error);
  take(mapping.report_batch_item_failures, settings.report_batch_item_failures);
  take(mapping.tumbling_window_seconds, settings.tumbling_window_seconds);
  take(mapping.filter_patterns, settings.filter_patterns);
  take(mapping.on_failure_destination, settings.on_failure_destination);
  TRY(check(mapping));
  return mapping;
}

}  // namespace millrace::triggers
