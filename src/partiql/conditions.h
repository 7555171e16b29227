// A statement's WHERE, as the condition that expr evaluates.
#pragma once

#include "expr/condition_node.h"
#include "expr/path.h"
#include "partiql/syntax.h"
#include "partiql/values.h"

namespace millrace::partiql {

[[nodiscard]] Result<expr::Path> to_path(const Expression& expression);

// Checked as an expression's condition is.
[[nodiscard]] Result<expr::ConditionNode> to_condition(const Expression& expression,
                                                       const Parameters& parameters);

[[nodiscard]] Error unrecognized_function(const Expression& call);

}  // namespace millrace::partiql
