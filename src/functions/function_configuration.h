// What CreateFunction and UpdateFunctionConfiguration say of how a function runs.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "functions/function.h"
#include "functions/function_record.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::functions {

// Applies the members that are there. InvalidParameterValueException for what this server cannot
// do, naming the parameter, and for an environment that is too large or has names of the service's
// own.
[[nodiscard]] Status read_configuration(json::Object input, FunctionVersion& version);

// InvalidParameterValueException unless it is what this machine is. Of the requests that bring
// code.
[[nodiscard]] Status check_architectures(json::Object input);

// "The parameter … is not supported by this server", InvalidParameterValueException.
[[nodiscard]] Error not_supported(std::string_view parameter);

// What of a configuration makes a version another than the one before.
[[nodiscard]] bool runs_alike(const FunctionVersion& one, const FunctionVersion& other);

// The FunctionConfiguration of the API, an object. `arn` is the one it is shown by.
void write_configuration(json::Writer& writer, const FunctionVersion& version,
                         const std::string& arn);

}  // namespace millrace::functions
