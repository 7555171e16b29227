#include "partiql/statement.h"

#include <algorithm>
#include <set>

#include "partiql/conditions.h"
#include "partiql/syntax.h"
#include "partiql/updates.h"

namespace millrace::partiql {
namespace {

using Kind = Expression::Kind;

// The names of a table and perhaps of an index.
Result<std::vector<std::string>> read_source(const Expression& source, size_t components_max) {
  const bool is_path =
      source.kind == Kind::kPath &&
      std::all_of(source.operands.begin() + 1, source.operands.end(),
                  [](const Expression& step) { return step.kind == Kind::kString; });
  if (source.kind != Kind::kName && !is_path) {
    return validation_error("Unexpected path component" + source.position.to_string());
  }
  std::vector<std::string> names = {source.text};
  if (is_path) {
    names.clear();
    for (const Expression& component : source.operands) names.push_back(component.text);
  }
  if (std::find(names.begin(), names.end(), "") != names.end()) {
    return validation_error("Path component cannot be an empty string");
  }
  if (names.size() > components_max) {
    return validation_error("A path may contain at most 2 components in the FROM clause");
  }
  return names;
}

Result<std::string> read_table(const StatementSyntax& syntax) {
  auto names = TRY(read_source(syntax.source, 2));
  if (names.size() == 1) return std::move(names.front());
  return validation_error("Operations on indices are not supported");
}

// A path's last name, with the indexes behind it.
std::string column_name(const expr::Path& path) {
  size_t first = path.size() - 1;
  while (path[first].is_index) --first;
  std::string name = path[first].name;
  for (size_t i = first + 1; i < path.size(); ++i) {
    name += "[" + std::to_string(path[i].index) + "]";
  }
  return name;
}

Result<std::optional<expr::Projection>> read_columns(const std::vector<Expression>& expressions) {
  if (expressions.empty()) return std::optional<expr::Projection>();
  std::vector<expr::Column> columns;
  std::set<std::string> names;
  for (const Expression& expression : expressions) {
    expr::Path path = TRY(to_path(expression));
    std::string name = column_name(path);
    if (!names.insert(name).second) {
      return validation_error("Duplicate identifiers in select clause: " + name);
    }
    columns.push_back({std::move(name), std::move(path)});
  }
  return std::optional(expr::Projection::of_columns(std::move(columns)));
}

Result<std::optional<expr::ConditionNode>> read_where(const StatementSyntax& syntax,
                                                      const Parameters& parameters) {
  if (!syntax.where) return std::optional<expr::ConditionNode>();
  return std::optional(TRY(to_condition(*syntax.where, parameters)));
}

Result<Select> read_select(const StatementSyntax& syntax, const Parameters& parameters) {
  auto source = TRY(read_source(syntax.source, 2));
  Select select;
  select.table_name = std::move(source[0]);
  if (source.size() > 1) select.index_name = std::move(source[1]);
  select.projection = TRY(read_columns(syntax.columns));
  select.where = TRY(read_where(syntax, parameters));
  for (const OrderTerm& term : syntax.order_by) {
    if (term.path.kind != Kind::kName) {
      return validation_error("Unexpected path component" + term.path.position.to_string());
    }
    select.order_by.push_back({term.path.text, term.descending});
  }
  return select;
}

Result<Statement> read_insert(const StatementSyntax& syntax, const Parameters& parameters) {
  if (syntax.returning) return validation_error("RETURNING is not supported in INSERT");
  Insert insert;
  insert.table_name = TRY(read_table(syntax));
  insert.item = TRY(to_item(syntax.value, parameters));
  return Statement(std::move(insert));
}

Returning returning_of(const StatementSyntax& syntax) {
  if (syntax.returning == "ALL OLD") return Returning::kAllOld;
  if (syntax.returning == "ALL NEW") return Returning::kAllNew;
  if (syntax.returning == "MODIFIED OLD") return Returning::kModifiedOld;
  if (syntax.returning == "MODIFIED NEW") return Returning::kModifiedNew;
  return Returning::kNone;
}

Result<Statement> read_update(const StatementSyntax& syntax, const Parameters& parameters) {
  Update update;
  update.table_name = TRY(read_table(syntax));
  update.clauses = TRY(to_update(syntax.assignments, parameters));
  update.where = TRY(read_where(syntax, parameters));
  update.returning = returning_of(syntax);
  return Statement(std::move(update));
}

Result<Statement> read_delete(const StatementSyntax& syntax, const Parameters& parameters) {
  if (syntax.returning && syntax.returning != "ALL OLD") {
    return validation_error("Invalid returning clause: RETURNING " + *syntax.returning +
                            " *. Only RETURNING ALL OLD * is allowed in DELETE statements.");
  }
  Delete removal;
  removal.table_name = TRY(read_table(syntax));
  removal.where = TRY(read_where(syntax, parameters));
  removal.returning = returning_of(syntax);
  return Statement(std::move(removal));
}

// How the service calls an expression that stands where a statement should.
std::string operation_name(const Expression& expression) {
  switch (expression.kind) {
    case Kind::kIs:
      return "IsType";
    case Kind::kName:
      return "Id";
    case Kind::kParameter:
      return "Parameter";
    case Kind::kPath:
      return "Path";
    case Kind::kCall:
      return "Call";
    case Kind::kOperator:
      return "NAry";
    default:
      return "Lit";
  }
}

}  // namespace

Result<Statement> parse(std::string_view text, const std::vector<AttributeValue>& parameters) {
  const StatementSyntax syntax = TRY(parse_syntax(text));
  if (syntax.is_aliased) return validation_error("Aliasing is not supported");
  if (syntax.kind == StatementSyntax::Kind::kExpression) {
    return validation_error("Unsupported operation: " + operation_name(syntax.value));
  }
  if (syntax.parameter_count != parameters.size()) {
    return validation_error("Number of parameters in request and statement don't match.");
  }
  switch (syntax.kind) {
    case StatementSyntax::Kind::kSelect:
      return Statement(TRY(read_select(syntax, parameters)));
    case StatementSyntax::Kind::kExists:
      return Statement(Exists{TRY(read_select(syntax, parameters))});
    case StatementSyntax::Kind::kInsert:
      return read_insert(syntax, parameters);
    case StatementSyntax::Kind::kUpdate:
      return read_update(syntax, parameters);
    default:
      return read_delete(syntax, parameters);
  }
}

}  // namespace millrace::partiql
