// The settings of an event source mapping as CreateEventSourceMapping and UpdateEventSourceMapping
// take them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/document.h"
#include "triggers/failed_batch.h"
#include "triggers/mapping.h"

namespace millrace::triggers {

inline constexpr size_t kFiltersMax = 5;

// What the request has; none: as it was.
struct MappingSettings {
  std::optional<bool> enabled;
  std::optional<int64_t> batch_size;
  std::optional<int64_t> maximum_batching_window_seconds;
  std::optional<int64_t> parallelization_factor;
  std::optional<int64_t> maximum_record_age_seconds;
  std::optional<int64_t> maximum_retry_attempts;
  std::optional<bool> bisect_batch_on_function_error;
  std::optional<bool> report_batch_item_failures;
  std::optional<int64_t> tumbling_window_seconds;
  std::optional<std::vector<std::string>> filter_patterns;
  std::optional<std::string> on_failure_destination;
};

// `input` has passed api/validate.h. InvalidParameterValueException for a setting that is not for
// DynamoDB streams, a filter that is none, or a destination that `destinations` has no way to.
[[nodiscard]] Result<MappingSettings> read_mapping_settings(
    json::Object input, const FailureDestinations& destinations);

// The mapping with these settings; InvalidParameterValueException when they do not go together.
[[nodiscard]] Result<Mapping> with_settings(Mapping mapping, const MappingSettings& settings);

}  // namespace millrace::triggers
