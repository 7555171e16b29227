// Which attributes an expression names.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "expr/condition_node.h"
#include "expr/update_clauses.h"

namespace millrace::expr {

using AttributeNames = std::set<std::string, std::less<>>;

// Of resolved trees. Adds the attributes that paths begin with.
void collect_attribute_names(const ConditionNode& node, AttributeNames& names);
// Those that are changed, and those that the new values are made of.
void collect_attribute_names(const UpdateClauses& clauses, AttributeNames& names);
// Likewise of an UpdateExpression. Errors are those of Update.
[[nodiscard]] Status collect_names_of_update(std::string_view text, Placeholders& placeholders,
                                             AttributeNames& names);

}  // namespace millrace::expr
