// The syntax tree of a PartiQL statement: only what the text says, not yet what it means. The
// grammar is that of the PartiQL specification as far as DynamoDB knows it, and so are the
// messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "partiql/tokens.h"

namespace millrace::partiql {

struct Expression {
  enum class Kind {
    kName,     // of an attribute, table or index: `text`
    kPath,     // the base, then a kString for each name and any other kind for each index
    kString,   // `text`
    kNumber,   // `text`, perhaps with a sign
    kBoolean,  // `text`: "true" or "false"
    kNull,
    kMissing,
    kParameter,  // ?: the one with the number `parameter`, from 0
    kList,
    kBag,
    kTuple,     // name, value, name, value, …
    kCall,      // of the function `text`, in small letters
    kOperator,  // `text`: "and", "=", "not in", … ; of "in" the second operand is a kList
    kIs,        // `text`: the type in small letters; "is not" stands below a "not"
  };

  Kind kind = Kind::kNull;
  std::string text = {};
  Position position = {};
  std::vector<Expression> operands = {};
  size_t parameter = 0;
};

struct Assignment {
  Expression path;
  std::optional<Expression> value;  // none: REMOVE
};

struct OrderTerm {
  Expression path;
  bool descending = false;
};

struct StatementSyntax {
  // kExpression: an expression that stands alone.
  enum class Kind { kSelect, kInsert, kUpdate, kDelete, kExists, kExpression };

  Kind kind = Kind::kSelect;
  Expression source;  // what FROM, INTO or UPDATE names
  std::optional<Expression> where;
  std::vector<Expression> columns;       // of SELECT; none: *
  std::vector<OrderTerm> order_by;       // of SELECT
  Expression value;                      // of INSERT, or the expression that stands alone
  std::vector<Assignment> assignments;   // of UPDATE
  std::optional<std::string> returning;  // "ALL OLD", "MODIFIED NEW", …
  bool is_aliased = false;
  size_t parameter_count = 0;
};

[[nodiscard]] Result<StatementSyntax> parse_syntax(std::string_view statement);

}  // namespace millrace::partiql
