#include "expr/condition.h"

#include "base/check.h"
#include "expr/attribute_names.h"
#include "expr/parsed_texts.h"

namespace millrace::expr {

Result<Condition> Condition::parse(std::string_view text, std::string_view parameter) {
  using Root = std::shared_ptr<const ConditionNode>;
  thread_local ParsedTexts<Root> texts;
  auto root = TRY(texts.get(text, [&]() -> Result<Root> {
    Tokens tokens = TRY(Tokens::of(text, parameter, {"AND", "OR", "NOT", "BETWEEN", "IN"}));
    return std::make_shared<const ConditionNode>(TRY(parse_condition(tokens)));
  }));
  return Condition(std::string(parameter), std::move(root), false);
}

Condition Condition::of_node(ConditionNode root) {
  return Condition({}, std::make_shared<const ConditionNode>(std::move(root)), true);
}

Result<Condition> Condition::bind(Placeholders& placeholders) const {
  auto root = std::make_shared<ConditionNode>(*root_);
  if (const Problem problem = resolve_condition(*root, placeholders)) {
    return expression_error(parameter_, *problem);
  }
  return Condition(parameter_, std::move(root), true);
}

bool Condition::matches(const Item& item) const {
  MILLRACE_CHECK(bound_);
  return evaluate_condition(*root_, item);
}

std::set<std::string, std::less<>> Condition::attribute_names() const {
  MILLRACE_CHECK(bound_);
  AttributeNames names;
  collect_attribute_names(*root_, names);
  return names;
}

}  // namespace millrace::expr
