// What the operations on the configuration of asynchronous invocations share.
#pragma once

#include <string>

#include "functions/function_api.h"
#include "functions/function_lookup.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::functions {

// The key of the configuration that a request is about. ResourceNotFoundException when its
// qualifier is of no version or alias.
[[nodiscard]] Result<std::string> event_invoke_key(const FunctionApi& api, const Function& function,
                                                   const FunctionName& name);

// Applies the members that are there, of which there must be one. InvalidParameterValueException
// for destinations, which this server has not.
[[nodiscard]] Status read_event_invoke_config(const FunctionApi& api, json::Object input,
                                              EventInvokeConfig& config);

void write_event_invoke_config(json::Writer& writer, const FunctionApi& api,
                               const std::string& function_name, const std::string& key,
                               const EventInvokeConfig& config);
[[nodiscard]] std::string event_invoke_config_text(const FunctionApi& api,
                                                   const std::string& function_name,
                                                   const std::string& key,
                                                   const EventInvokeConfig& config);

// "The function … doesn't have an EventInvokeConfig"
[[nodiscard]] Error no_event_invoke_config(const FunctionApi& api, const std::string& function_name,
                                           const std::string& key);

}  // namespace millrace::functions
