// What conditions and updates have in common: paths, values, functions and arithmetic.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expr/path.h"
#include "expr/placeholders.h"
#include "expr/tokens.h"
#include "model/attribute_value.h"

namespace millrace::expr {

enum class Function {
  kUnknown,
  kAttributeExists,
  kAttributeNotExists,
  kAttributeType,
  kBeginsWith,
  kContains,
  kSize,
  kIfNotExists,
  kListAppend,
  kPlus,   // a + b
  kMinus,  // a - b
};

[[nodiscard]] Function function_of_name(std::string_view name);
// nullopt for kUnknown.
[[nodiscard]] std::optional<size_t> operand_count(Function function);
[[nodiscard]] bool is_condition_function(Function function);
[[nodiscard]] bool is_update_function(Function function);

struct ConditionNode;  // condition_node.h

struct Operand {
  enum class Kind { kPath, kValue, kFunction, kCondition };

  Kind kind = Kind::kPath;
  Path path;             // names may be placeholders until they are resolved
  std::string name;      // of a value's placeholder, or of the function
  AttributeValue value;  // once resolved
  Function function = Function::kUnknown;
  std::vector<Operand> arguments;
  // Of kCondition: its truth is a BOOL. Expressions have none; PartiQL compares conditions, too.
  std::shared_ptr<const ConditionNode> condition;
};

// Parsing. `operators` counts operators and functions.
Result<Path> parse_path(Tokens& tokens);
// More steps behind one that is there.
Status parse_path_steps(Tokens& tokens, Path& path);
// A path, a value or a function with its arguments.
Result<Operand> parse_plain_operand(Tokens& tokens, size_t& operators);
// The same, perhaps in parentheses.
Result<Operand> parse_operand(Tokens& tokens, size_t& operators);

// Checks of the text alone. Each returns the first problem's message in reading order, or nothing.
using Problem = std::optional<std::string>;
[[nodiscard]] Problem unknown_function(const Operand& operand);
[[nodiscard]] Problem unusable_name(const Path& path);
[[nodiscard]] Problem unusable_name(const Operand& operand);

// Replaces the placeholders in `path` and below `operand`.
[[nodiscard]] Problem resolve_names(Path& path, Placeholders& placeholders);
[[nodiscard]] Problem resolve_names(Operand& operand, Placeholders& placeholders);
[[nodiscard]] Problem resolve_values(Operand& operand, Placeholders& placeholders);

// Checks of resolved operands, inner functions first.
[[nodiscard]] Problem wrong_operand_count(const Operand& operand);
[[nodiscard]] Problem indistinct_operand(const Operand& operand);
[[nodiscard]] Problem indistinct_operand(std::string_view name,
                                         const std::vector<Operand>& operands);
[[nodiscard]] Problem wrong_operand_type(const Operand& operand);
[[nodiscard]] std::string incorrect_operand_type(std::string_view name, std::string_view type);

// The type that `operand` has whatever the item holds.
[[nodiscard]] std::optional<AttributeType> static_type(const Operand& operand);

}  // namespace millrace::expr
