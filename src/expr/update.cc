#include "expr/update.h"

#include <algorithm>

#include "base/check.h"
#include "expr/parsed_texts.h"
#include "expr/update_clauses.h"

namespace millrace::expr {
namespace {

constexpr std::string_view kParameter = "UpdateExpression";

}  // namespace

Result<Update> Update::parse(std::string_view text) {
  thread_local ParsedTexts<Update> texts;
  return texts.get(text, [&]() -> Result<Update> {
    Tokens tokens = TRY(Tokens::of(text, kParameter, {"SET", "REMOVE", "ADD", "DELETE"}));
    auto clauses = std::make_shared<const UpdateClauses>(TRY(parse_update(tokens)));
    return Update(std::move(clauses), false);
  });
}

Update Update::of_clauses(UpdateClauses clauses) {
  return Update(std::make_shared<const UpdateClauses>(std::move(clauses)), true);
}

Result<Update> Update::bind(Placeholders& placeholders,
                            const std::vector<std::string>& key_names) const {
  Update bound = TRY(bind(placeholders));
  TRY(bound.check_keys(key_names));
  return bound;
}

Result<Update> Update::bind(Placeholders& placeholders) const {
  auto clauses = std::make_shared<UpdateClauses>(*clauses_);
  if (const Problem problem = resolve_update(*clauses, placeholders)) {
    return expression_error(kParameter, *problem);
  }
  return Update(std::move(clauses), true);
}

Status Update::check_keys(const std::vector<std::string>& key_names) const {
  for (const UpdateAction& action : clauses_->actions) {
    const std::string& name = action.path.front().name;
    if (std::find(key_names.begin(), key_names.end(), name) == key_names.end()) continue;
    return validation_error("One or more parameter values were invalid: Cannot update attribute " +
                            name + ". This attribute is part of the key");
  }
  return Done{};
}

Status Update::apply(Item& item) const {
  MILLRACE_CHECK(bound_);
  return apply_update(*clauses_, item);
}

std::vector<Path> Update::paths() const {
  std::vector<Path> paths;
  for (const UpdateAction& action : clauses_->actions) paths.push_back(action.path);
  return paths;
}

std::optional<AttributeType> Update::assigned_type(std::string_view attribute_name) const {
  for (const UpdateAction& action : clauses_->actions) {
    if (action.kind != UpdateAction::Kind::kSet || action.path.size() != 1) continue;
    if (action.path.front().name == attribute_name) return static_type(action.operand);
  }
  return std::nullopt;
}

bool Update::reaches_into(std::string_view attribute_name) const {
  return std::any_of(clauses_->actions.begin(), clauses_->actions.end(), [&](const auto& action) {
    return action.path.size() > 1 && action.path.front().name == attribute_name;
  });
}

bool Update::only_removes() const {
  return std::all_of(clauses_->actions.begin(), clauses_->actions.end(), [](const auto& action) {
    return action.kind == UpdateAction::Kind::kRemove || action.kind == UpdateAction::Kind::kDelete;
  });
}

}  // namespace millrace::expr
