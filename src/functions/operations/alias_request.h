// What the operations on aliases share.
#pragma once

#include <string>

#include "functions/function_api.h"
#include "functions/function_name.h"
#include "functions/function_record.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::functions {

// Applies FunctionVersion, Description and RoutingConfig, those that are there, and gives the alias
// a new revision. ResourceNotFoundException for a version that is not there,
// InvalidParameterValueException for shares that make no sense.
[[nodiscard]] Status read_alias(const FunctionApi& api, json::Object input,
                                const Function& function, Alias& alias);

// "Cannot find alias arn: …"
[[nodiscard]] Error alias_not_found(const FunctionApi& api, const std::string& function_name,
                                    const std::string& alias_name);

// The AliasConfiguration of the API.
void write_alias(json::Writer& writer, const FunctionApi& api, const Function& function,
                 const Alias& alias);
[[nodiscard]] std::string alias_text(const FunctionApi& api, const Function& function,
                                     const Alias& alias);

}  // namespace millrace::functions
