#include "ops/key_plan.h"

#include <algorithm>

#include "base/check.h"
#include "expr/comparison.h"
#include "ops/item_request.h"

namespace millrace::ops {
namespace {

using expr::Comparator;
using expr::ConditionNode;
using expr::KeyComparison;
using expr::KeyOperator;
using expr::Operand;
using Kind = ConditionNode::Kind;

constexpr size_t kReadsMax = 50;

// One way to meet the condition.
struct Branch {
  std::vector<AttributeValue> partition_keys;
  std::vector<KeyComparison> sort_keys;
  std::vector<std::string> filter_names;
  bool filtered = false;
  bool negates_sort_key = false;
};

// Of a table, or of an index that is like one.
struct PlainSchema {
  const catalog::KeyAttribute& partition_key;
  const catalog::KeyAttribute* sort_key;  // nullptr: none
};

const std::string* attribute_of(const Operand& operand) {
  const bool is_attribute = operand.kind == Operand::Kind::kPath && operand.path.size() == 1;
  return is_attribute ? &operand.path.front().name : nullptr;
}

bool are_values(const std::vector<Operand>& operands, size_t first) {
  return std::all_of(operands.begin() + static_cast<std::ptrdiff_t>(first), operands.end(),
                     [](const Operand& one) { return one.kind == Operand::Kind::kValue; });
}

KeyOperator operator_of(Comparator comparator, bool mirrored) {
  switch (comparator) {
    case Comparator::kEqual:
      return KeyOperator::kEqual;
    case Comparator::kLess:
      return mirrored ? KeyOperator::kGreater : KeyOperator::kLess;
    case Comparator::kLessOrEqual:
      return mirrored ? KeyOperator::kGreaterOrEqual : KeyOperator::kLessOrEqual;
    case Comparator::kGreater:
      return mirrored ? KeyOperator::kLess : KeyOperator::kGreater;
    case Comparator::kGreaterOrEqual:
      return mirrored ? KeyOperator::kLessOrEqual : KeyOperator::kGreaterOrEqual;
    case Comparator::kNotEqual:
      break;
  }
  return KeyOperator::kNotIndexable;
}

std::optional<KeyComparison> read_comparison(const ConditionNode& node) {
  const bool mirrored = node.operands[0].kind == Operand::Kind::kValue;
  const Operand& attribute = node.operands[mirrored ? 1 : 0];
  const Operand& value = node.operands[mirrored ? 0 : 1];
  const std::string* name = attribute_of(attribute);
  const KeyOperator comparison = operator_of(node.comparator, mirrored);
  if (name == nullptr || value.kind != Operand::Kind::kValue ||
      comparison == KeyOperator::kNotIndexable) {
    return std::nullopt;
  }
  return KeyComparison{*name, comparison, {value.value}};
}

// Of an attribute and values.
std::optional<KeyComparison> read_operands(const std::vector<Operand>& operands,
                                           KeyOperator comparison) {
  const std::string* name = operands.empty() ? nullptr : attribute_of(operands[0]);
  if (name == nullptr || !are_values(operands, 1)) return std::nullopt;
  KeyComparison read{*name, comparison, {}};
  for (size_t i = 1; i < operands.size(); ++i) read.operands.push_back(operands[i].value);
  return read;
}

std::optional<KeyComparison> read_leaf(const ConditionNode& node) {
  switch (node.kind) {
    case Kind::kComparison:
      return read_comparison(node);
    case Kind::kBetween:
      return read_operands(node.operands, KeyOperator::kBetween);
    case Kind::kFunction:
      if (node.operands[0].function != expr::Function::kBeginsWith) return std::nullopt;
      return read_operands(node.operands[0].arguments, KeyOperator::kBeginsWith);
    default:
      return std::nullopt;
  }
}

void collect_names(const ConditionNode& node, std::vector<std::string>& names);

void collect_names(const Operand& operand, std::vector<std::string>& names) {
  if (operand.kind == Operand::Kind::kPath) names.push_back(operand.path.front().name);
  for (const Operand& argument : operand.arguments) collect_names(argument, names);
  if (operand.condition) collect_names(*operand.condition, names);
}

void collect_names(const ConditionNode& node, std::vector<std::string>& names) {
  for (const ConditionNode& child : node.children) collect_names(child, names);
  for (const Operand& operand : node.operands) collect_names(operand, names);
}

Status check_key_type(const catalog::KeyAttribute& attribute, const AttributeValue& value,
                      bool is_sort_key) {
  if (value.type() == attribute.type) return check_key_operand(attribute, value, is_sort_key);
  return validation_error(
      "Key attribute's data type should match its data type in table's schema: Key " +
      attribute.name);
}

// Takes the condition apart into the ways to meet it, as far as they differ in keys.
class Planner {
 public:
  explicit Planner(const PlainSchema& schema) : schema_(schema) {}

  // Whether it cannot hold without an equality on the partition key.
  [[nodiscard]] bool pins_partition_key(const ConditionNode& node) const {
    const auto pins = [&](const ConditionNode& one) { return pins_partition_key(one); };
    if (node.kind == Kind::kAnd)
      return std::any_of(node.children.begin(), node.children.end(), pins);
    if (node.kind == Kind::kOr)
      return std::all_of(node.children.begin(), node.children.end(), pins);
    const auto branches = branches_of_leaf(node);
    return !branches.empty() && !branches.front().partition_keys.empty();
  }

  // The number of branches; what is above kReadsMax is not counted on.
  [[nodiscard]] size_t count(const ConditionNode& node) const {
    if (!asks_for_keys(node)) return 1;
    size_t total = node.kind == Kind::kOr ? 0 : 1;
    if (node.kind != Kind::kAnd && node.kind != Kind::kOr) return branches_of_leaf(node).size();
    for (const ConditionNode& child : node.children) {
      total = node.kind == Kind::kOr ? total + count(child) : total * count(child);
      if (total > kReadsMax) return total;
    }
    return total;
  }

  [[nodiscard]] std::vector<Branch> expand(const ConditionNode& node) const {
    if (!asks_for_keys(node)) return {filter_branch(node)};
    if (node.kind == Kind::kOr) {
      std::vector<Branch> branches;
      for (const ConditionNode& child : node.children) {
        for (Branch& branch : expand(child)) branches.push_back(std::move(branch));
      }
      return branches;
    }
    if (node.kind != Kind::kAnd) return branches_of_leaf(node);
    std::vector<Branch> branches = {Branch{}};
    for (const ConditionNode& child : node.children) branches = crossed(branches, expand(child));
    return branches;
  }

 private:
  // Empty unless it is a condition that a key can be searched by.
  [[nodiscard]] std::vector<Branch> branches_of_leaf(const ConditionNode& node) const {
    std::vector<Branch> branches;
    if (node.kind == Kind::kIn) {
      const auto in = read_operands(node.operands, KeyOperator::kEqual);
      if (!in) return branches;
      for (const AttributeValue& value : in->operands) {
        add_branch({in->attribute_name, KeyOperator::kEqual, {value}}, branches);
      }
    } else if (auto comparison = read_leaf(node)) {
      add_branch(std::move(*comparison), branches);
    }
    return branches;
  }

  void add_branch(KeyComparison comparison, std::vector<Branch>& branches) const {
    Branch branch;
    if (comparison.attribute_name == schema_.partition_key.name) {
      if (comparison.comparison != KeyOperator::kEqual) return;
      branch.partition_keys.push_back(std::move(comparison.operands.front()));
    } else if (schema_.sort_key != nullptr && comparison.attribute_name == schema_.sort_key->name) {
      branch.sort_keys.push_back(std::move(comparison));
    } else {
      return;
    }
    branches.push_back(std::move(branch));
  }

  [[nodiscard]] bool asks_for_keys(const ConditionNode& node) const {
    if (node.kind != Kind::kAnd && node.kind != Kind::kOr) return !branches_of_leaf(node).empty();
    return std::any_of(node.children.begin(), node.children.end(),
                       [&](const ConditionNode& one) { return asks_for_keys(one); });
  }

  [[nodiscard]] Branch filter_branch(const ConditionNode& node) const {
    Branch branch;
    branch.filtered = true;
    const bool negates = node.kind == Kind::kNot || (node.kind == Kind::kComparison &&
                                                     node.comparator == Comparator::kNotEqual);
    collect_names(node, branch.filter_names);
    branch.negates_sort_key = negates && schema_.sort_key != nullptr &&
                              std::find(branch.filter_names.begin(), branch.filter_names.end(),
                                        schema_.sort_key->name) != branch.filter_names.end();
    return branch;
  }

  static std::vector<Branch> crossed(const std::vector<Branch>& left,
                                     const std::vector<Branch>& right) {
    std::vector<Branch> branches;
    for (const Branch& one : left) {
      for (const Branch& other : right) {
        Branch both = one;
        both.partition_keys.insert(both.partition_keys.end(), other.partition_keys.begin(),
                                   other.partition_keys.end());
        both.sort_keys.insert(both.sort_keys.end(), other.sort_keys.begin(), other.sort_keys.end());
        both.filter_names.insert(both.filter_names.end(), other.filter_names.begin(),
                                 other.filter_names.end());
        both.filtered = one.filtered || other.filtered;
        both.negates_sort_key = one.negates_sort_key || other.negates_sort_key;
        branches.push_back(std::move(both));
      }
    }
    return branches;
  }

  const PlainSchema& schema_;
};

bool is_empty(const engine::KeyRange& range) {
  return range.to && *range.to <= range.from;
}

bool overlap(const engine::KeyRange& earlier, const engine::KeyRange& later) {
  return !earlier.to || later.from < *earlier.to;
}

engine::KeyRange common_range(engine::KeyRange left, engine::KeyRange right) {
  left.from = std::max(left.from, right.from);
  if (right.to && (!left.to || *right.to < *left.to)) left.to = std::move(right.to);
  return left;
}

struct PlannedRead {
  KeyRead read;
  bool may_overlap = false;
};

// Nothing for a branch that no item can meet.
Result<std::optional<PlannedRead>> plan_branch(const PlainSchema& schema, const KeySpace& space,
                                               Branch branch) {
  for (const AttributeValue& key : branch.partition_keys) {
    TRY(check_key_type(schema.partition_key, key, false));
  }
  for (const KeyComparison& comparison : branch.sort_keys) {
    for (const AttributeValue& operand : comparison.operands) {
      TRY(check_key_type(*schema.sort_key, operand, true));
    }
  }
  const AttributeValue& key = branch.partition_keys.front();
  const bool contradicts =
      std::any_of(branch.partition_keys.begin(), branch.partition_keys.end(),
                  [&](const AttributeValue& other) { return !(other == key); });
  if (contradicts) return std::optional<PlannedRead>();
  KeyRead read{key, std::nullopt, space.range_of_keys({key}, {}), std::move(branch.filter_names),
               branch.filtered};
  bool equalities_only = !branch.sort_keys.empty();
  for (const KeyComparison& comparison : branch.sort_keys) {
    read.range = common_range(std::move(read.range), space.range_of_keys({key}, {comparison}));
    equalities_only = equalities_only && comparison.comparison == KeyOperator::kEqual;
  }
  if (is_empty(read.range)) return std::optional<PlannedRead>();
  if (equalities_only) read.sort_key = branch.sort_keys.front().operands.front();
  return std::optional(PlannedRead{std::move(read), branch.negates_sort_key});
}

bool is_earlier(const PlannedRead& left, const PlannedRead& right) {
  const auto order = expr::compare(left.read.partition_key, right.read.partition_key);
  if (order != std::partial_ordering::equivalent) return order == std::partial_ordering::less;
  return left.read.range.from < right.read.range.from;
}

// Ranges that overlap are refused, unless a condition that excludes sort keys has a part in it:
// then they become one.
Result<std::vector<KeyRead>> merge(std::vector<PlannedRead> planned) {
  std::stable_sort(planned.begin(), planned.end(), is_earlier);
  std::vector<KeyRead> reads;
  bool last_may_overlap = false;
  for (PlannedRead& next : planned) {
    const bool overlaps = !reads.empty() && reads.back().partition_key == next.read.partition_key &&
                          overlap(reads.back().range, next.read.range);
    if (!overlaps) {
      reads.push_back(std::move(next.read));
      last_may_overlap = next.may_overlap;
      continue;
    }
    if (!last_may_overlap && !next.may_overlap) {
      return validation_error(
          "Overlapping conditions with range keys are not supported in where clause");
    }
    KeyRead& last = reads.back();
    if (last.range.to && (!next.read.range.to || *last.range.to < *next.read.range.to)) {
      last.range.to = std::move(next.read.range.to);
    }
    last.filter_names.insert(last.filter_names.end(), next.read.filter_names.begin(),
                             next.read.filter_names.end());
    last.sort_key.reset();
    last.filtered = true;
    last_may_overlap = true;
  }
  return reads;
}

Error multiple_conditions(const std::string& key_name) {
  return validation_error("Multiple conditions on same key " + key_name +
                          ". Only single item Update/Insert/Delete are supported");
}

// Sorts the parts of a conjunction into the equalities of keys and the rest.
Status collect_equalities(const catalog::KeySchema& schema, const ConditionNode& node, Item& key,
                          std::vector<ConditionNode>& rest) {
  if (node.kind == Kind::kAnd) {
    for (const ConditionNode& child : node.children) {
      TRY(collect_equalities(schema, child, key, rest));
    }
    return Done{};
  }
  auto equality =
      node.kind == Kind::kComparison ? read_comparison(node) : std::optional<KeyComparison>();
  if (!equality || equality->comparison != KeyOperator::kEqual ||
      !schema.contains(equality->attribute_name)) {
    rest.push_back(node);
    return Done{};
  }
  const auto [known, added] = key.emplace(equality->attribute_name, equality->operands.front());
  if (!added && !(known->second == equality->operands.front())) {
    return multiple_conditions(equality->attribute_name);
  }
  return Done{};
}

}  // namespace

Result<std::optional<std::vector<KeyRead>>> plan_key_reads(
    const catalog::CompositeKeySchema& schema, const KeySpace& space, const ConditionNode& where) {
  MILLRACE_CHECK(schema.partition_keys.size() == 1 && schema.sort_keys.size() <= 1);
  const PlainSchema plain{schema.partition_keys.front(),
                          schema.sort_keys.empty() ? nullptr : &schema.sort_keys.front()};
  const Planner planner(plain);
  if (!planner.pins_partition_key(where)) return std::optional<std::vector<KeyRead>>();
  if (planner.count(where) > kReadsMax) {
    return validation_error("Too many decomposed read operations for a given query.");
  }
  std::vector<PlannedRead> planned;
  for (Branch& branch : planner.expand(where)) {
    auto read = TRY(plan_branch(plain, space, std::move(branch)));
    if (read) planned.push_back(std::move(*read));
  }
  return std::optional(TRY(merge(std::move(planned))));
}

Result<KeyEqualities> find_key_equalities(const catalog::KeySchema& schema,
                                          const std::optional<ConditionNode>& where) {
  KeyEqualities equalities;
  std::vector<ConditionNode> rest;
  if (where) TRY(collect_equalities(schema, *where, equalities.key, rest));
  if (equalities.key.size() != schema.attribute_names().size()) {
    return validation_error(
        "Where clause does not contain a mandatory equality on all key attributes");
  }
  if (!rest.empty()) {
    equalities.rest.emplace();
    equalities.rest->kind = Kind::kAnd;
    equalities.rest->children = std::move(rest);
  }
  return equalities;
}

}  // namespace millrace::ops
