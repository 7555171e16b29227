// The syntax tree of an update.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expr/operand.h"
#include "expr/tokens.h"

namespace millrace::expr {

struct UpdateAction {
  enum class Kind { kSet, kRemove, kAdd, kDelete };

  Kind kind = Kind::kSet;
  Path path;
  Operand operand;  // not of kRemove
};

struct UpdateClauses {
  std::vector<UpdateAction> actions;  // in the order they are written
  // What is said when ADD or DELETE meets an attribute of another type.
  std::string_view type_mismatch = "An operand in the update expression has an incorrect data type";
  // What is said when an attribute comes to nest too deep.
  std::string_view too_deep =
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
      "beyond supported limit";
};

Result<UpdateClauses> parse_update(Tokens& tokens);

// Replaces all placeholders and checks paths and operands.
[[nodiscard]] Problem resolve_update(UpdateClauses& clauses, Placeholders& placeholders);

// The same checks for clauses that never had placeholders.
[[nodiscard]] Problem check_update(UpdateClauses& clauses);

// Of resolved clauses. The messages here stand without "Invalid UpdateExpression: ".
[[nodiscard]] Status apply_update(const UpdateClauses& clauses, Item& item);

}  // namespace millrace::expr
