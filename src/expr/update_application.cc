#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "expr/limits.h"
#include "expr/update_clauses.h"

namespace millrace::expr {
namespace {

Error incorrect_data_type() {
  return validation_error("An operand in the update expression has an incorrect data type");
}

Result<AttributeValue> evaluate(const Operand& operand, const Item& item);

Result<AttributeValue> evaluate_sum(const Operand& sum, const Item& item) {
  const AttributeValue left = TRY(evaluate(sum.arguments[0], item));
  if (left.get_if<Number>() == nullptr) return incorrect_data_type();
  const AttributeValue right = TRY(evaluate(sum.arguments[1], item));
  if (right.get_if<Number>() == nullptr) return incorrect_data_type();
  const auto combine = sum.function == Function::kPlus ? Number::add : Number::subtract;
  return AttributeValue(TRY(combine(*left.get_if<Number>(), *right.get_if<Number>())));
}

Result<AttributeValue> evaluate_list_append(const Operand& append, const Item& item) {
  AttributeValue front = TRY(evaluate(append.arguments[0], item));
  if (front.get_if<List>() == nullptr) return incorrect_data_type();
  AttributeValue back = TRY(evaluate(append.arguments[1], item));
  if (back.get_if<List>() == nullptr) return incorrect_data_type();
  List& list = *front.get_if<List>();
  std::move(back.get_if<List>()->begin(), back.get_if<List>()->end(), std::back_inserter(list));
  return front;
}

// The right side of a SET.
Result<AttributeValue> evaluate(const Operand& operand, const Item& item) {
  if (operand.kind == Operand::Kind::kValue) return operand.value;
  if (operand.kind == Operand::Kind::kPath) {
    const AttributeValue* value = find(item, operand.path);
    if (value != nullptr) return *value;
    return validation_error(
        "The provided expression refers to an attribute that does not exist in the item");
  }
  if (operand.function == Function::kListAppend) return evaluate_list_append(operand, item);
  if (operand.function != Function::kIfNotExists) return evaluate_sum(operand, item);
  const AttributeValue* value = find(item, operand.arguments[0].path);
  if (value != nullptr) return *value;
  return evaluate(operand.arguments[1], item);
}

template <typename Set>
AttributeValue united(const Set& left, const Set& right) {
  Set set;
  std::set_union(left.members.begin(), left.members.end(), right.members.begin(),
                 right.members.end(), std::back_inserter(set.members));
  return set;
}

// Nothing when no member is left.
template <typename Set>
std::optional<AttributeValue> without(const Set& left, const Set& right) {
  Set set;
  std::set_difference(left.members.begin(), left.members.end(), right.members.begin(),
                      right.members.end(), std::back_inserter(set.members));
  if (set.members.empty()) return std::nullopt;
  return set;
}

// `existing`, if any, is of the type of `added`: a number, a set or a list.
Result<AttributeValue> add_to(const AttributeValue* existing, const AttributeValue& added) {
  if (existing == nullptr) return added;
  if (const auto* number = added.get_if<Number>()) {
    return AttributeValue(TRY(Number::add(*existing->get_if<Number>(), *number)));
  }
  if (const auto* set = added.get_if<StringSet>()) {
    return united(*existing->get_if<StringSet>(), *set);
  }
  if (const auto* set = added.get_if<NumberSet>()) {
    return united(*existing->get_if<NumberSet>(), *set);
  }
  if (const auto* set = added.get_if<BinarySet>()) {
    return united(*existing->get_if<BinarySet>(), *set);
  }
  const auto* back = added.get_if<List>();
  MILLRACE_CHECK(back != nullptr);
  List list = *existing->get_if<List>();
  list.insert(list.end(), back->begin(), back->end());
  return AttributeValue(std::move(list));
}

// Of two sets of one type. Nothing when the attribute is to go.
std::optional<AttributeValue> delete_from(const AttributeValue& existing,
                                          const AttributeValue& deleted) {
  if (const auto* set = deleted.get_if<StringSet>()) {
    return without(*existing.get_if<StringSet>(), *set);
  }
  if (const auto* set = deleted.get_if<NumberSet>()) {
    return without(*existing.get_if<NumberSet>(), *set);
  }
  const auto* set = deleted.get_if<BinarySet>();
  MILLRACE_CHECK(set != nullptr);
  return without(*existing.get_if<BinarySet>(), *set);
}

bool has_parent(const Item& item, const Path& path) {
  if (path.size() == 1) return true;
  const AttributeValue* parent = find(item, Path(path.begin(), path.end() - 1));
  if (parent == nullptr) return false;
  return path.back().is_index ? parent->get_if<List>() != nullptr
                              : parent->get_if<AttributeMap>() != nullptr;
}

// What becomes of one path: a value, or nothing at all.
struct Change {
  const Path* path;
  std::optional<AttributeValue> value;
};

// All that the clauses do, computed from the item as it is. In order of paths.
Result<std::vector<Change>> plan(const UpdateClauses& clauses, const Item& item) {
  std::vector<Change> changes;
  for (const UpdateAction& action : clauses.actions) {
    if (action.kind != UpdateAction::Kind::kSet) continue;
    changes.push_back({&action.path, TRY(evaluate(action.operand, item))});
  }
  for (const UpdateAction& action : clauses.actions) {
    if (!has_parent(item, action.path)) {
      return validation_error(
          "The document path provided in the update expression is invalid for update");
    }
    const AttributeValue* existing = find(item, action.path);
    const AttributeValue& operand = action.operand.value;
    const bool combines =
        action.kind == UpdateAction::Kind::kAdd || action.kind == UpdateAction::Kind::kDelete;
    if (combines && existing != nullptr && existing->type() != operand.type()) {
      return validation_error(std::string(clauses.type_mismatch));
    }
    if (action.kind == UpdateAction::Kind::kAdd) {
      changes.push_back({&action.path, TRY(add_to(existing, operand))});
    } else if (action.kind == UpdateAction::Kind::kDelete && existing != nullptr) {
      changes.push_back({&action.path, delete_from(*existing, operand)});
    } else if (action.kind == UpdateAction::Kind::kRemove && existing != nullptr) {
      changes.push_back({&action.path, std::nullopt});
    }
  }
  std::sort(changes.begin(), changes.end(),
            [](const Change& left, const Change& right) { return *left.path < *right.path; });
  return changes;
}

AttributeMap* map_around(Item& item, const Path& path) {
  if (path.size() == 1) return &item;
  return find(item, Path(path.begin(), path.end() - 1))->get_if<AttributeMap>();
}

void put(Item& item, const Path& path, AttributeValue value) {
  if (!path.back().is_index) {
    map_around(item, path)->insert_or_assign(path.back().name, std::move(value));
    return;
  }
  List& list = *find(item, Path(path.begin(), path.end() - 1))->get_if<List>();
  if (path.back().index < list.size()) {
    list[path.back().index] = std::move(value);
  } else {
    list.push_back(std::move(value));
  }
}

void remove(Item& item, const Path& path) {
  if (!path.back().is_index) {
    map_around(item, path)->erase(path.back().name);
    return;
  }
  List& list = *find(item, Path(path.begin(), path.end() - 1))->get_if<List>();
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(path.back().index));
}

// Of the value itself and of what lies in it.
size_t nesting_levels(const AttributeValue& value) {
  size_t deepest = 0;
  if (const auto* list = value.get_if<List>()) {
    for (const AttributeValue& element : *list)
      deepest = std::max(deepest, nesting_levels(element));
  }
  if (const auto* map = value.get_if<AttributeMap>()) {
    for (const auto& [name, member] : *map) deepest = std::max(deepest, nesting_levels(member));
  }
  return deepest + 1;
}

Status check_nesting(const std::vector<Change>& changes, std::string_view too_deep) {
  for (const Change& change : changes) {
    if (!change.value) continue;
    if (change.path->size() - 1 + nesting_levels(*change.value) <= kNestingLevelsMax) continue;
    return validation_error(std::string(too_deep));
  }
  return Done{};
}

}  // namespace

Status apply_update(const UpdateClauses& clauses, Item& item) {
  std::vector<Change> changes = TRY(plan(clauses, item));
  TRY(check_nesting(changes, clauses.too_deep));
  // Forward, so that what lies beyond a list's end is appended in order of the indexes; and only
  // then backward, so that every index still means the element it meant before.
  for (Change& change : changes) {
    if (change.value) put(item, *change.path, std::move(*change.value));
  }
  std::reverse(changes.begin(), changes.end());
  for (const Change& change : changes) {
    if (!change.value) remove(item, *change.path);
  }
  return Done{};
}

}  // namespace millrace::expr
