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
  // Runs that very version, here or where its endpoint is: of `request`, function and qualifier are
  // resolved already and the payload is JSON. Calls `done` once, on any thread.
  virtual void run(FunctionVersionPointer function, InvokeRequest request, InvokeDone done) = 0;
  // No invocation of another revision of that version follows: its idle instances end. After the
  // deletion of a function, `revision_id` is empty.
  virtual void retire(const std::string& name, const std::string& version,
                      const std::string& revision_id) = 0;
  // How many invocations of the function may run at once; none: as many as the others leave. Told
  // again for every function at the start.
  virtual void reserve(const std::string& name, std::optional<int64_t> limit) = 0;
};

}  // namespace millrace::functions
