// The legacy parameter AttributesToGet.
#pragma once

#include <optional>

#include "expr/expression.h"
#include "json/document.h"

namespace millrace::ops {

// Whole attributes: a name with dots is one name. Nothing when the parameter is absent.
[[nodiscard]] Result<std::optional<expr::Projection>> read_attributes_to_get(json::Object input);

}  // namespace millrace::ops
