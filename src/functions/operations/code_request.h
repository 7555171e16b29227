// The code that CreateFunction and UpdateFunctionCode bring.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "json/document.h"

namespace millrace::functions {

// The zip file in the object of the API's FunctionCode; empty when it names no code at all.
// InvalidParameterValueException for code from elsewhere.
[[nodiscard]] Result<Bytes> read_code(json::Object code);

// "Please provide a source for function code."
[[nodiscard]] Error no_code();

}  // namespace millrace::functions
