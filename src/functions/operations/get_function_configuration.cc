#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"

namespace millrace::functions {

Result<std::string> get_function_configuration(FunctionApi& api, const api::Request& request) {
  const FoundVersion found = TRY(requested_version(api, request.input));
  return configuration_text(api, *found.version, found.qualifier);
}

}  // namespace millrace::functions
