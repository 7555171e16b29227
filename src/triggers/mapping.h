// An event source mapping: which stream is fed to which function, and how.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::triggers {

enum class MappingState {
  kCreating,
  kEnabling,
  kEnabled,
  kDisabling,
  kDisabled,
  kUpdating,
  kDeleting,
};
// As the API shows it: "Creating".
[[nodiscard]] std::string_view mapping_state_name(MappingState state);
[[nodiscard]] std::optional<MappingState> mapping_state_of_name(std::string_view name);

enum class StartingPosition { kTrimHorizon, kLatest };
// As the API shows it: "TRIM_HORIZON".
[[nodiscard]] std::string_view starting_position_name(StartingPosition position);
[[nodiscard]] std::optional<StartingPosition> starting_position_of_name(std::string_view name);

// The tag that moves a mapping to the next stream of its table when it is "true".
inline constexpr std::string_view kFollowTableTag = "millrace:follow-table";

// Immutable once the store has it; an update makes another.
struct Mapping {
  std::string uuid;
  std::string event_source_arn;  // of the stream
  std::string function_arn;      // with the qualifier, if the request had one
  MappingState state = MappingState::kCreating;
  // What it is to be when it is neither being created nor deleted.
  bool enabled = true;
  std::string state_transition_reason = "User action";
  int64_t last_modified_milliseconds = 0;

  StartingPosition starting_position = StartingPosition::kTrimHorizon;
  int64_t batch_size = 100;
  int64_t maximum_batching_window_seconds = 0;
  int64_t parallelization_factor = 1;
  int64_t maximum_record_age_seconds = -1;  // -1: any
  int64_t maximum_retry_attempts = -1;      // -1: until the record is too old
  bool bisect_batch_on_function_error = false;
  bool report_batch_item_failures = false;
  int64_t tumbling_window_seconds = 0;       // 0: none
  std::vector<std::string> filter_patterns;  // JSON texts; a record needs to match one, if any
  std::string on_failure_destination;        // ARN; empty: none
  std::map<std::string, std::string> tags;

  friend bool operator==(const Mapping&, const Mapping&) = default;
};

using MappingPointer = std::shared_ptr<const Mapping>;

}  // namespace millrace::triggers
