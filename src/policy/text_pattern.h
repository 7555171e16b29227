// A text of a policy that others are compared with: with wildcards and with policy variables (IAM
// User Guide, "IAM policy elements: Variables and tags"), read once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/condition_key.h"

namespace millrace::policy {

// What in a text is more than text.
struct PatternSyntax {
  bool wildcards = true;  // * and ?
  bool variables = true;  // ${aws:username}, ${aws:username, 'nobody'}, ${*} ${?} ${$}
  bool ignores_case = false;
};

class TextPattern {
 public:
  TextPattern(std::string_view text, PatternSyntax syntax);

  // The whole of `text`, in time proportional to the product of both lengths at worst. False when
  // the request lacks a variable that has no default. What a variable stands for has no wildcards.
  [[nodiscard]] bool matches(std::string_view text, const RequestKeys& keys) const;
  // Each of the six fields of an ARN on its own. Fields that the pattern lacks match anything.
  [[nodiscard]] bool matches_arn(std::string_view arn, const RequestKeys& keys) const;

  // Whether it is "*".
  [[nodiscard]] bool matches_everything() const;
  // Appends the names of its variables.
  void append_variables(std::vector<std::string>& names) const;

 private:
  struct Variable {
    ConditionKey key;
    std::optional<std::string> default_value;
  };
  // Symbols are bytes of UTF-8 and, for wildcards, bytes that UTF-8 does not have.
  struct Piece {
    std::string symbols;
    std::optional<Variable> variable;  // follows the symbols
  };

  // nullopt: a variable has no value.
  [[nodiscard]] std::optional<std::string> resolve(const RequestKeys& keys) const;
  [[nodiscard]] bool compare(std::string_view symbols, std::string_view text) const;

  std::vector<Piece> pieces_;  // at least one
  bool ignores_case_;
  bool has_variables_ = false;
  bool has_wildcards_ = false;
};

}  // namespace millrace::policy
