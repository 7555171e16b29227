// A statement's SET and REMOVE clauses, as the update that expr applies.
#pragma once

#include "expr/update_clauses.h"
#include "partiql/syntax.h"
#include "partiql/values.h"

namespace millrace::partiql {

// Checked as an expression's update is.
[[nodiscard]] Result<expr::UpdateClauses> to_update(const std::vector<Assignment>& assignments,
                                                    const Parameters& parameters);

}  // namespace millrace::partiql
