// One call of a function, as whoever wants it made says it and hears of it.
#pragma once

#include <functional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace millrace::functions {

struct InvokeRequest {
  // A name, or an ARN whole or partial, each with or without ":QUALIFIER".
  std::string function;
  std::string qualifier = {};  // a version or an alias; empty: what `function` says, or $LATEST
  Bytes payload;               // JSON
  bool wants_log_tail = false;
  std::string client_context = {};  // base64, as the header brings it
};

// The function has answered, well or not.
struct InvokeAnswer {
  Bytes payload;  // JSON: what it returned, or its error
  // Empty: it succeeded. Otherwise "Unhandled", and `payload` says why.
  std::string function_error;
  std::string log_tail;  // the last 4 KiB of its log, not encoded, when it was wanted
  std::string executed_version;
  std::string request_id;
};

// An error is one of the Invoke API and means that the function did not run: it is not there
// (ResourceNotFoundException), may not run more at once (TooManyRequestsException), could not be
// reached (ServiceException), or the payload is not fit (InvalidRequestContentException,
// RequestTooLargeException).
using InvokeDone = std::function<void(Result<InvokeAnswer>)>;

// Makes the call and calls `done` once, on any thread, within the function's timeout and what it
// takes to start it. Thread-safe; does not block.
class Invoker {
 public:
  virtual ~Invoker() = default;
  virtual void invoke(InvokeRequest request, InvokeDone done) = 0;
};

}  // namespace millrace::functions
