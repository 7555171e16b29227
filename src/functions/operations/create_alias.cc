#include "functions/input.h"
#include "functions/operations/alias_request.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"

namespace millrace::functions {

void create_alias(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto name = requested_function(api, request.input);
  if (!name.ok()) return reply(std::move(name).error());
  change_function(
      api, *name,
      [&](Function& function) -> Result<std::string> {
        Alias alias;
        alias.name = text_or_empty(request.input, "Name");
        if (function.aliases.contains(alias.name)) {
          return Error{
              ErrorCode::kResourceConflictException,
              "Alias already exists: " + function_arn(api.site, function.name, alias.name)};
        }
        TRY(read_alias(api, request.input, function, alias));
        function.aliases[alias.name] = alias;
        return alias_text(api, function, alias);
      },
      std::move(reply));
}

}  // namespace millrace::functions
