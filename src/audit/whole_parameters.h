// The parameters of management events: the whole request as the API model knows it, and the whole
// response.
#pragma once

#include "api/shapes.h"
#include "audit/parameter_writer.h"
#include "json/document.h"

namespace millrace::audit {

// Leaves out what the shape does not know and what has not its type, binary members, and what the
// service keeps secret: the variables of a function's environment, messages of logs.
void write_whole_request(ParameterWriter& writer, const api::Shape& shape, json::Object request);
// Leaves out the variables of a function's environment. `dates`: numbers of members that are named
// like times are times.
void write_whole_response(ParameterWriter& writer, json::Object response, bool dates);

}  // namespace millrace::audit
