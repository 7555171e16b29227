// The legacy parameter AttributeUpdates.
#pragma once

#include <optional>

#include "expr/expression.h"
#include "json/document.h"

namespace millrace::ops {

// Nothing when the parameter is absent or empty. Errors are the service's; the updates are checked
// in the order they are sent.
[[nodiscard]] Result<std::optional<expr::Update>> read_attribute_updates(json::Object input);

}  // namespace millrace::ops
