// DynamoDB's expressions (Developer Guide, "Using expressions in DynamoDB"). Parsing looks only at
// the text, so that a parsed expression can be kept and used again; binding resolves `#name` and
// `:value` against one request; evaluation reads an item.
//
// All errors are ValidationException with the service's message, which begins with
// "Invalid <parameter>: " where <parameter> is for instance "ConditionExpression".
// Parsed and bound expressions are immutable and may be shared between threads.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/attribute_value.h"

namespace millrace::expr {

using NameMap = std::map<std::string, std::string, std::less<>>;

// ExpressionAttributeNames and ExpressionAttributeValues of one request, and which of them its
// expressions used.
class Placeholders {
 public:
  Placeholders(const NameMap& names, const AttributeMap& values) : names_(names), values_(values) {}

  // nullptr when there is none of that name ("#n", ":v"). Marks it used.
  const std::string* name(std::string_view placeholder);
  const AttributeValue* value(std::string_view placeholder);

  // "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}", and the same
  // for values. Call after every expression of the request is bound.
  [[nodiscard]] Status check_all_used() const;

 private:
  const NameMap& names_;
  const AttributeMap& values_;
  std::set<std::string, std::less<>> used_names_;
  std::set<std::string, std::less<>> used_values_;
};

// A step of a document path: an attribute's name, or an index into a list.
struct PathStep {
  std::string name;
  size_t index = 0;
  bool is_index = false;
  friend bool operator==(const PathStep&, const PathStep&) = default;
};
// Never empty; the first step is a name.
using Path = std::vector<PathStep>;

// The value at `path`, or nullptr.
[[nodiscard]] const AttributeValue* find(const Item& item, const Path& path);

// --- conditions: ConditionExpression, FilterExpression ---

struct ConditionNode;  // condition.h
class Condition {
 public:
  // `parameter` names the request's parameter in messages.
  static Result<Condition> parse(std::string_view text, std::string_view parameter);

  Result<Condition> bind(Placeholders& placeholders) const;
  // Asserts that it is bound. A missing item is an empty one.
  [[nodiscard]] bool matches(const Item& item) const;

 private:
  std::string parameter_;
  std::shared_ptr<const ConditionNode> root_;
};

// --- projections: ProjectionExpression ---

class Projection {
 public:
  static Result<Projection> parse(std::string_view text);
  // Of already resolved paths: what UPDATED_OLD and UPDATED_NEW show.
  static Projection of_paths(std::vector<Path> paths);

  Result<Projection> bind(Placeholders& placeholders) const;
  // Only what the paths name, in the item's own shape; list elements close up.
  [[nodiscard]] Item apply(const Item& item) const;

 private:
  std::vector<Path> paths_;  // before bind(), names may be placeholders
};

// --- updates: UpdateExpression ---

struct UpdateClauses;  // update.h
class Update {
 public:
  static Result<Update> parse(std::string_view text);

  // `key_names`: the table's key attributes, which an update may not touch ("One or more parameter
  // values were invalid: Cannot update attribute pk. This attribute is part of the key").
  Result<Update> bind(Placeholders& placeholders, const std::vector<std::string>& key_names) const;

  // Every right side reads `item` as it was before. On an error `item` is unspecified.
  [[nodiscard]] Status apply(Item& item) const;
  // The paths that apply() sets, removes, adds to or deletes from.
  [[nodiscard]] std::vector<Path> paths() const;

 private:
  std::shared_ptr<const UpdateClauses> clauses_;
};

// Whether `word` may not be used as a bare attribute name. Any case.
[[nodiscard]] bool is_reserved_word(std::string_view word);

}  // namespace millrace::expr
