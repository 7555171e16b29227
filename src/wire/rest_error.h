// How an Error looks in Lambda's REST-JSON protocol.
#pragma once

#include <string>

#include "base/error.h"
#include "http/handler.h"

namespace millrace::wire {

// Its name in the header x-amzn-ErrorType; the body is {"Type":"User","Message":"..."}, or, of an
// error that no operation of the API model has, {"message":"..."}. Internal errors keep their
// message to themselves.
[[nodiscard]] http::Response rest_error_response(const Error& error, std::string request_id);

}  // namespace millrace::wire
