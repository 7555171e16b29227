// Makes a function run for the changes of a table.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/client/service_client.h"
#include "cli/resources/node.h"

namespace millrace::cli::trigger {

// What is absent stays as it is, or gets the default of the API.
struct AddOptions {
  std::string table;
  std::string target;  // a path of code; or the ARN or the name of a function that is there
  bool enable_stream = false;
  std::string view_type = "NEW_AND_OLD_IMAGES";

  // Of the function, when the target is code.
  std::optional<std::string> name;
  std::optional<std::string> runtime;
  std::optional<std::string> handler;
  std::optional<std::string> role;
  std::vector<std::string> environment;  // "NAME=VALUE"
  std::optional<int64_t> timeout_seconds;
  std::optional<int64_t> memory_mebibytes;

  // Of the mapping.
  std::optional<int64_t> batch_size;
  std::optional<int64_t> batching_window_seconds;
  std::optional<int64_t> parallelization_factor;
  std::optional<int64_t> maximum_retry_attempts;
  std::optional<int64_t> maximum_record_age_seconds;
  std::optional<int64_t> tumbling_window_seconds;
  std::optional<std::string> starting_position;  // "LATEST", "TRIM_HORIZON"
  std::optional<bool> bisects;
  std::optional<bool> reports_batch_item_failures;
  std::vector<std::string> filters;       // patterns, "@FILE", or only "none"
  std::optional<std::string> on_failure;  // an ARN, or "none"
  std::optional<bool> disabled;
};

// Finds the table's latest stream, makes or updates function and mapping, and the function's role
// where none is named and there is none, waits until they work and says on stdout what it did.
// InvalidConfiguration for a table without a stream that it may not enable, before anything is
// changed.
[[nodiscard]] Status add_trigger(ServiceClient& client, const AddOptions& options);

// The mapping's properties: those of `current`, which may be null, changed as the options say.
// InvalidConfiguration for a filter that is no JSON object or a file that cannot be read.
[[nodiscard]] Result<resources::Node> mapping_properties(const AddOptions& options,
                                                         const resources::Node& current);
// The same of the function at the path; `current` is what GetFunction answers, or null.
[[nodiscard]] Result<resources::Node> function_properties(const AddOptions& options,
                                                          const resources::Node& current);
// "music-handler" for music and ./handler.mjs, in the characters that a function's name may have.
[[nodiscard]] std::string default_function_name(const std::string& table, const std::string& path);

}  // namespace millrace::cli::trigger
