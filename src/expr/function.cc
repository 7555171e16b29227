#include <array>

#include "expr/operand.h"

namespace millrace::expr {
namespace {

struct FunctionRow {
  std::string_view name;
  Function function;
  size_t operands;
};

constexpr auto kFunctions = std::to_array<FunctionRow>({
    {"attribute_exists", Function::kAttributeExists, 1},
    {"attribute_not_exists", Function::kAttributeNotExists, 1},
    {"attribute_type", Function::kAttributeType, 2},
    {"begins_with", Function::kBeginsWith, 2},
    {"contains", Function::kContains, 2},
    {"size", Function::kSize, 1},
    {"if_not_exists", Function::kIfNotExists, 2},
    {"list_append", Function::kListAppend, 2},
    {"+", Function::kPlus, 2},
    {"-", Function::kMinus, 2},
});

}  // namespace

Function function_of_name(std::string_view name) {
  for (const FunctionRow& row : kFunctions) {
    if (row.name == name) return row.function;
  }
  return Function::kUnknown;
}

std::optional<size_t> operand_count(Function function) {
  for (const FunctionRow& row : kFunctions) {
    if (row.function == function) return row.operands;
  }
  return std::nullopt;
}

bool is_update_function(Function function) {
  return function == Function::kIfNotExists || function == Function::kListAppend ||
         function == Function::kPlus || function == Function::kMinus;
}

bool is_condition_function(Function function) {
  return function != Function::kUnknown && !is_update_function(function);
}

}  // namespace millrace::expr
