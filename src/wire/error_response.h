// How an Error looks on the wire.
#pragma once

#include "base/error.h"
#include "http/handler.h"

namespace millrace::wire {

// The AWS JSON protocol's body: {"__type":"...#ValidationException","message":"..."}. Internal
// errors keep their message to themselves.
[[nodiscard]] std::string error_body(const Error& error);
// The same with the bare name as the type.
[[nodiscard]] std::string plain_error_body(const Error& error);

// Whether it says that a request's signature is not taken.
[[nodiscard]] bool is_of_authentication(ErrorCode code);

}  // namespace millrace::wire
