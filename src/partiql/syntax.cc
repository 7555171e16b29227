#include "partiql/syntax.h"

#include "partiql/expression_parser.h"
#include "partiql/token_cursor.h"

namespace millrace::partiql {
namespace {

using Kind = StatementSyntax::Kind;

class StatementParser {
 public:
  explicit StatementParser(std::vector<Token> tokens)
      : cursor_(std::move(tokens)), expressions_(cursor_) {}

  Result<StatementSyntax> parse() {
    TRY(parse_statement());
    cursor_.accept_symbol(";");
    if (!cursor_.at_end()) return not_well_formed("Unexpected token after expression");
    statement_.parameter_count = expressions_.parameter_count();
    return std::move(statement_);
  }

 private:
  Status parse_statement() {
    if (cursor_.accept_keyword("select")) return parse_select(Kind::kSelect);
    if (cursor_.at_keywords("insert", "into")) return parse_insert();
    if (cursor_.accept_keyword("update")) return parse_update();
    if (cursor_.accept_keyword("delete")) return parse_delete();
    if (cursor_.accept_keyword("from")) return parse_from_first();
    if (cursor_.at_keyword("exists") && cursor_.before_symbol("(")) return parse_exists();
    return parse_expression();
  }

  // What is no statement, such as a misspelt one.
  Status parse_expression() {
    statement_.kind = Kind::kExpression;
    if (cursor_.at_keyword("set") || cursor_.at_keyword("remove")) {
      TRY(parse_assignments());
      return validation_error("Unsupported operation: DataManipulation");
    }
    statement_.value = TRY(expressions_.parse());
    return Done{};
  }

  Status parse_exists() {
    cursor_.take();
    cursor_.take();
    if (!cursor_.accept_keyword("select")) return not_well_formed("Unexpected term");
    TRY(parse_select(Kind::kExists));
    return cursor_.expect_symbol(")", "RIGHT_PAREN");
  }

  Status parse_select(Kind kind) {
    statement_.kind = kind;
    TRY(parse_columns());
    if (!cursor_.accept_keyword("from")) return not_well_formed("Expected FROM after SELECT list");
    statement_.source = TRY(expressions_.parse());
    parse_alias();
    TRY(parse_where());
    return parse_order_by();
  }

  Status parse_columns() {
    if (cursor_.accept_symbol("*")) {
      if (!cursor_.at_symbol(",")) return Done{};
      return not_well_formed(
          "Other expressions may not be present in the select list when '*' is used without dot "
          "notation.");
    }
    do {
      if (cursor_.at_symbol("*")) {
        return not_well_formed(
            "Other expressions may not be present in the select list when '*' is used without dot "
            "notation.");
      }
      statement_.columns.push_back(TRY(expressions_.parse()));
      parse_alias();
    } while (cursor_.accept_symbol(","));
    return Done{};
  }

  void parse_alias() {
    const bool named = cursor_.accept_keyword("as");
    if (!named && !cursor_.at_name()) return;
    if (cursor_.at_name()) cursor_.take();
    statement_.is_aliased = true;
  }

  Status parse_order_by() {
    if (!cursor_.at_keywords("order", "by")) return Done{};
    cursor_.take();
    cursor_.take();
    do {
      OrderTerm term{TRY(expressions_.parse())};
      term.descending = cursor_.accept_keyword("desc");
      if (!term.descending) cursor_.accept_keyword("asc");
      statement_.order_by.push_back(std::move(term));
    } while (cursor_.accept_symbol(","));
    return Done{};
  }

  Status parse_insert() {
    statement_.kind = Kind::kInsert;
    cursor_.take();
    cursor_.take();
    statement_.source = TRY(expressions_.parse_simple_path());
    const bool has_value = cursor_.accept_keyword("value");
    statement_.value = TRY(expressions_.parse());
    TRY(parse_returning());
    if (has_value || !cursor_.at_end_of_statement()) return Done{};
    return validation_error("Unsupported operation: Insert");
  }

  Status parse_update() {
    statement_.kind = Kind::kUpdate;
    statement_.source = TRY(expressions_.parse_simple_path());
    parse_alias();
    TRY(parse_assignments());
    TRY(parse_where());
    return parse_returning();
  }

  // FROM t WHERE … SET …
  Status parse_from_first() {
    statement_.kind = Kind::kUpdate;
    statement_.source = TRY(expressions_.parse());
    parse_alias();
    TRY(parse_where());
    TRY(parse_assignments());
    return parse_returning();
  }

  Status parse_delete() {
    statement_.kind = Kind::kDelete;
    if (!cursor_.accept_keyword("from")) return not_well_formed("Expected FROM after DELETE");
    statement_.source = TRY(expressions_.parse_simple_path());
    parse_alias();
    TRY(parse_where());
    return parse_returning();
  }

  // Any number of SET and REMOVE clauses; only SET takes more than one path.
  Status parse_assignments() {
    while (true) {
      if (cursor_.accept_keyword("set")) {
        do {
          TRY(parse_set());
        } while (cursor_.accept_symbol(","));
      } else if (cursor_.accept_keyword("remove")) {
        statement_.assignments.push_back({TRY(expressions_.parse_simple_path()), std::nullopt});
      } else {
        break;
      }
    }
    if (statement_.assignments.empty()) return not_well_formed("Expected data manipulation");
    return Done{};
  }

  Status parse_set() {
    Assignment assignment{TRY(expressions_.parse_simple_path()), std::nullopt};
    if (!cursor_.accept_symbol("=")) return not_well_formed("Expected '='");
    assignment.value = TRY(expressions_.parse());
    statement_.assignments.push_back(std::move(assignment));
    return Done{};
  }

  Status parse_where() {
    if (!cursor_.accept_keyword("where")) return Done{};
    statement_.where = TRY(expressions_.parse());
    return Done{};
  }

  Status parse_returning() {
    if (!cursor_.accept_keyword("returning")) return Done{};
    for (const auto& [extent, name] : {std::pair("all", "ALL"), {"modified", "MODIFIED"}}) {
      for (const auto& [state, state_name] : {std::pair("old", " OLD"), {"new", " NEW"}}) {
        if (!cursor_.at_keywords(extent, state)) continue;
        cursor_.take();
        cursor_.take();
        statement_.returning = std::string(name) + state_name;
        if (cursor_.accept_symbol("*")) return Done{};
        return not_well_formed("Unsupported syntax in RETURNING columns.");
      }
    }
    return not_well_formed("Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each returning element.");
  }

  TokenCursor cursor_;
  ExpressionParser expressions_;
  StatementSyntax statement_;
};

}  // namespace

Result<StatementSyntax> parse_syntax(std::string_view statement) {
  return StatementParser(TRY(tokenize(statement))).parse();
}

}  // namespace millrace::partiql
