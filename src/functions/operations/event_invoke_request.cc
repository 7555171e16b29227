#include "functions/operations/event_invoke_request.h"

#include <fmt/format.h>

#include "functions/function_configuration.h"
#include "functions/input.h"

namespace millrace::functions {
namespace {

Status refuse_destinations(json::Object input) {
  const auto destinations = optional_object(input, "DestinationConfig");
  if (!destinations) return Done{};
  for (const std::string_view name : {"OnFailure", "OnSuccess"}) {
    const auto destination = optional_object(*destinations, name);
    if (destination && !text_or_empty(*destination, "Destination").empty()) {
      return not_supported(fmt::format("DestinationConfig.{}", name));
    }
  }
  return Done{};
}

}  // namespace

Result<std::string> event_invoke_key(const FunctionApi& api, const Function& function,
                                     const FunctionName& name) {
  if (name.qualifier.empty()) return std::string(kLatest);
  if (function.aliases.contains(name.qualifier) || version_of(function, name.qualifier)) {
    return name.qualifier;
  }
  return function_not_found(api.site, name);
}

Status read_event_invoke_config(const FunctionApi& api, json::Object input,
                                EventInvokeConfig& config) {
  TRY(refuse_destinations(input));
  const auto retries = optional_integer(input, "MaximumRetryAttempts");
  const auto age = optional_integer(input, "MaximumEventAgeInSeconds");
  if (!retries && !age) {
    return invalid_parameter(
        "You must specify at least one of error handling or destination setting.");
  }
  if (retries) config.maximum_retry_attempts = retries;
  if (age) config.maximum_event_age_seconds = age;
  config.last_modified_milliseconds = api.clock.now_milliseconds();
  return Done{};
}

void write_event_invoke_config(json::Writer& writer, const FunctionApi& api,
                               const std::string& function_name, const std::string& key,
                               const EventInvokeConfig& config) {
  writer.begin_object();
  writer.key("LastModified");
  writer.timestamp_milliseconds(config.last_modified_milliseconds);
  writer.member("FunctionArn", function_arn(api.site, function_name, key));
  if (config.maximum_retry_attempts) {
    writer.member("MaximumRetryAttempts", *config.maximum_retry_attempts);
  }
  if (config.maximum_event_age_seconds) {
    writer.member("MaximumEventAgeInSeconds", *config.maximum_event_age_seconds);
  }
  writer.end_object();
}

std::string event_invoke_config_text(const FunctionApi& api, const std::string& function_name,
                                     const std::string& key, const EventInvokeConfig& config) {
  std::string text;
  json::Writer writer(text);
  write_event_invoke_config(writer, api, function_name, key, config);
  return text;
}

Error no_event_invoke_config(const FunctionApi& api, const std::string& function_name,
                             const std::string& key) {
  return {ErrorCode::kResourceNotFoundException,
          fmt::format("The function {} doesn't have an EventInvokeConfig",
                      function_arn(api.site, function_name, key))};
}

}  // namespace millrace::functions
