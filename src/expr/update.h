// UpdateExpression.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expr/path.h"
#include "expr/placeholders.h"

namespace millrace::expr {

struct UpdateClauses;  // update_clauses.h

class Update {
 public:
  static Result<Update> parse(std::string_view text);
  // Of resolved clauses.
  static Update of_clauses(UpdateClauses clauses);

  // bind() and then check_keys().
  Result<Update> bind(Placeholders& placeholders, const std::vector<std::string>& key_names) const;
  Result<Update> bind(Placeholders& placeholders) const;
  // `key_names`: the table's key attributes, which an update may not touch ("One or more parameter
  // values were invalid: Cannot update attribute pk. This attribute is part of the key").
  [[nodiscard]] Status check_keys(const std::vector<std::string>& key_names) const;

  // Asserts that it is bound. Every right side reads `item` as it was before. On an error `item` is
  // unspecified. Does not check the item's size.
  [[nodiscard]] Status apply(Item& item) const;
  // The paths that apply() sets, removes, adds to or deletes from, in the order they are written.
  [[nodiscard]] std::vector<Path> paths() const;
  // The type that a SET gives to the attribute whatever the item holds; nullopt when there is none.
  [[nodiscard]] std::optional<AttributeType> assigned_type(std::string_view attribute_name) const;
  // Whether a path leads into the attribute, as `a.b` and `a[0]` lead into `a`.
  [[nodiscard]] bool reaches_into(std::string_view attribute_name) const;
  // Whether it has only REMOVE and DELETE clauses: then it creates no item where there is none.
  [[nodiscard]] bool only_removes() const;

 private:
  Update(std::shared_ptr<const UpdateClauses> clauses, bool bound)
      : clauses_(std::move(clauses)), bound_(bound) {}

  std::shared_ptr<const UpdateClauses> clauses_;
  bool bound_;
};

}  // namespace millrace::expr
