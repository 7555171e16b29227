#pragma once

#include <string>
#include <vector>

#include "api/rest_binding.h"
#include "base/result.h"
#include "http/handler.h"

namespace millrace::wire {

// The JSON text of an operation's input: the members of path, query and headers before those of the
// body. A member that belongs elsewhere is never taken from the body: the first of a name counts,
// and every such member stands there, if only as null.
// InvalidRequestContentException for a body that is not even an object's beginning.
[[nodiscard]] Result<std::string> rest_input(const api::RestBinding& binding,
                                             const std::vector<std::string>& labels,
                                             const http::Request& request);

[[nodiscard]] Error unreadable_body();

}  // namespace millrace::wire
