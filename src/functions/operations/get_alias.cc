#include "functions/input.h"
#include "functions/operations/alias_request.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"

namespace millrace::functions {

Result<std::string> get_alias(FunctionApi& api, const api::Request& request) {
  const FunctionName name = TRY(requested_function(api, request.input));
  const std::string alias_name = text_or_empty(request.input, "Name");
  const FunctionPointer function = api.store.find(name.name);
  if (!function) return alias_not_found(api, name.name, alias_name);
  const auto alias = function->aliases.find(alias_name);
  if (alias == function->aliases.end()) return alias_not_found(api, name.name, alias_name);
  return alias_text(api, *function, alias->second);
}

}  // namespace millrace::functions
