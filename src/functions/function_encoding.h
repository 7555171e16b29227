// Functions as they are stored: JSON, whose members docs/formats/functions.md tells.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "functions/code_store.h"
#include "functions/function_record.h"

namespace millrace::functions {

// What `version` says of its code.
void set_code(FunctionVersion& version, CodePointer code);

// All but the published versions.
[[nodiscard]] std::string write_function(const Function& function);
[[nodiscard]] std::string write_version(const FunctionVersion& version);

// Code that several versions share is one in memory too: `codes` finds it.
using FindCode = std::function<CodePointer(const std::string& name, const std::string& sha256,
                                           int64_t zip_bytes, int64_t unpacked_bytes)>;
// InternalServerError for what was not written by the above.
[[nodiscard]] Result<Function> read_function(ByteView text, const FindCode& codes);
[[nodiscard]] Result<FunctionVersion> read_version(ByteView text, const FindCode& codes);

}  // namespace millrace::functions
