// ConditionExpression and FilterExpression.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "expr/placeholders.h"
#include "model/attribute_value.h"

namespace millrace::expr {

struct ConditionNode;  // condition_node.h

class Condition {
 public:
  // `parameter` names the request's parameter in messages.
  static Result<Condition> parse(std::string_view text, std::string_view parameter);

  // Of a resolved tree.
  static Condition of_node(ConditionNode root);

  Result<Condition> bind(Placeholders& placeholders) const;
  // Asserts that it is bound. A missing item is an empty one.
  [[nodiscard]] bool matches(const Item& item) const;
  // Asserts that it is bound. The attributes that its paths begin with.
  [[nodiscard]] std::set<std::string, std::less<>> attribute_names() const;

 private:
  Condition(std::string parameter, std::shared_ptr<const ConditionNode> root, bool bound)
      : parameter_(std::move(parameter)), root_(std::move(root)), bound_(bound) {}

  std::string parameter_;
  std::shared_ptr<const ConditionNode> root_;
  bool bound_;
};

}  // namespace millrace::expr
