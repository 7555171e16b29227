// PartiQL for DynamoDB (Developer Guide, "PartiQL - a SQL-compatible query language for Amazon
// DynamoDB"): what a statement says, in the terms of the expressions. The same conditions, updates
// and projections come of it that come of expressions, and nothing else evaluates them.
//
// All errors are ValidationException with the service's message. They come in its order: what is
// not well formed, then the number of parameters, then what the statement means; nothing of it
// needs the table.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "expr/condition_node.h"
#include "expr/projection.h"
#include "expr/update_clauses.h"
#include "model/attribute_value.h"

namespace millrace::partiql {

enum class Returning { kNone, kAllOld, kModifiedOld, kAllNew, kModifiedNew };

struct OrderBy {
  std::string attribute_name;
  bool descending = false;
};

struct Select {
  std::string table_name;  // or its ARN
  std::optional<std::string> index_name;
  std::optional<expr::Projection> projection;  // none: *
  std::optional<expr::ConditionNode> where;
  std::vector<OrderBy> order_by;
};

struct Insert {
  std::string table_name;
  Item item;
};

struct Update {
  std::string table_name;
  expr::UpdateClauses clauses;
  std::optional<expr::ConditionNode> where;
  Returning returning = Returning::kNone;
};

struct Delete {
  std::string table_name;
  std::optional<expr::ConditionNode> where;
  Returning returning = Returning::kNone;  // kNone or kAllOld
};

// EXISTS(SELECT …): a condition of a transaction.
struct Exists {
  Select select;
};

using Statement = std::variant<Select, Insert, Update, Delete, Exists>;

// Binds the n-th `?` to the n-th of `parameters`.
[[nodiscard]] Result<Statement> parse(std::string_view text,
                                      const std::vector<AttributeValue>& parameters);

}  // namespace millrace::partiql
