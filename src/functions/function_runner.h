// What runs functions, for the operations of the API.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "functions/function.h"
#include "functions/invocation.h"

namespace millrace::functions {

// Thread-safe; nothing here blocks.
class FunctionRunner {
 public:
  virtual ~FunctionRunner() = default;
  // Runs that very version, here or where its endpoint is: of `request` the payload is JSON, and
  // the qualifier is what is part of the ARN that the function sees. Calls `done` once, on any
  // thread.
  virtual void run(FunctionVersionPointer function, InvokeRequest request, InvokeDone done) = 0;
  // No invocation of that revision of a version of the function, or when it is empty of any,
  // follows: idle instances of it end.
  virtual void retire(const std::string& name, const std::string& revision_id) = 0;
  // How many invocations of the function may run at once; none: as many as the others leave. Told
  // again for every function at the start.
  virtual void reserve(const std::string& name, std::optional<int64_t> limit) = 0;
};

}  // namespace millrace::functions
