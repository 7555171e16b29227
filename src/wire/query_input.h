// The input of an operation out of the parameters of the query protocol: Tags.member.1.Key=a.
#pragma once

#include <string>

#include "api/shapes.h"
#include "base/result.h"
#include "wire/query_form.h"

namespace millrace::wire {

// JSON text of the types of `shape`, in which parameters that it does not name are left out.
// SerializationException, which the protocol calls MalformedInput, for a value or a name that does
// not fit. UTF-8 is not checked. The cost is linear in the size of the form.
[[nodiscard]] Result<std::string> query_input(const api::Shape& shape, const QueryForm& form);

}  // namespace millrace::wire
