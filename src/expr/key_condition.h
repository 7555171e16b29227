// KeyConditionExpression: what a Query asks of the key attributes.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expr/placeholders.h"
#include "model/attribute_value.h"

namespace millrace::expr {

struct ConditionNode;  // condition_node.h

enum class KeyOperator {
  kEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kBetween,
  kBeginsWith,
  kNotIndexable,  // what no key can be searched by; only KeyConditions can say so
};

// One condition on one attribute; whether that is a key attribute is for the table to say.
struct KeyComparison {
  std::string attribute_name;
  KeyOperator comparison = KeyOperator::kEqual;
  std::vector<AttributeValue> operands;  // two of kBetween, any number of kNotIndexable, else one
};

class KeyCondition {
 public:
  static Result<KeyCondition> parse(std::string_view text);

  // The comparisons in the order they are written, never two of one attribute.
  [[nodiscard]] Result<std::vector<KeyComparison>> bind(Placeholders& placeholders) const;

 private:
  explicit KeyCondition(std::shared_ptr<const ConditionNode> root) : root_(std::move(root)) {}

  std::shared_ptr<const ConditionNode> root_;
};

}  // namespace millrace::expr
