#include "audit/query/statement_keys.h"

#include "partiql/syntax.h"

namespace millrace::audit::query {
namespace {

using partiql::Expression;

constexpr std::string_view kRedacted = "***(Redacted)";
constexpr size_t kValuesMax = 100;

// What is redacted becomes a parameter, so that the statement can be parsed.
std::string readable(std::string_view statement) {
  std::string text;
  while (true) {
    const size_t at = statement.find(kRedacted);
    text += statement.substr(0, at);
    if (at == std::string_view::npos) return text;
    text += '?';
    statement.remove_prefix(at + kRedacted.size());
  }
}

bool is_literal(const Expression& expression) {
  return expression.kind == Expression::Kind::kString ||
         expression.kind == Expression::Kind::kNumber;
}

void add_comparison(KeyValues& values, const Expression& left, const Expression& right) {
  if (left.kind != Expression::Kind::kName) return;
  if (is_literal(right)) values[left.text] = {right.text};
}

void add_membership(KeyValues& values, const Expression& left, const Expression& list) {
  if (left.kind != Expression::Kind::kName || list.operands.size() > kValuesMax) return;
  std::vector<std::string> texts;
  for (const Expression& operand : list.operands) {
    if (!is_literal(operand)) return;
    texts.push_back(operand.text);
  }
  values[left.text] = std::move(texts);
}

void add_conditions(KeyValues& values, const Expression& condition) {
  if (condition.kind != Expression::Kind::kOperator || condition.operands.size() < 2) return;
  const Expression& left = condition.operands[0];
  const Expression& right = condition.operands[1];
  if (condition.text == "and") {
    for (const Expression& operand : condition.operands) add_conditions(values, operand);
  } else if (condition.text == "=") {
    add_comparison(values, left, right);
    add_comparison(values, right, left);
  } else if (condition.text == "in") {
    add_membership(values, left, right);
  }
}

}  // namespace

std::vector<StatementKeys> keys_of_statement(std::string_view statement) {
  auto syntax = partiql::parse_syntax(readable(statement));
  if (!syntax || !syntax->where) return {};
  StatementKeys keys;
  const Expression& source = syntax->source;
  if (source.kind == Expression::Kind::kName) {
    keys.table_name = source.text;
  } else if (source.kind == Expression::Kind::kPath && !source.operands.empty()) {
    keys.table_name = source.operands[0].text;  // the second is an index
  }
  add_conditions(keys.values, *syntax->where);
  if (keys.table_name.empty() || keys.values.empty()) return {};
  return {std::move(keys)};
}

}  // namespace millrace::audit::query
