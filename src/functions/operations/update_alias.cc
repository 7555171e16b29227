#include "functions/input.h"
#include "functions/operations/alias_request.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"

namespace millrace::functions {

void update_alias(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto name = requested_function(api, request.input);
  if (!name.ok()) return reply(std::move(name).error());
  change_function(
      api, *name,
      [&](Function& function) -> Result<std::string> {
        const std::string alias_name = text_or_empty(request.input, "Name");
        const auto found = function.aliases.find(alias_name);
        if (found == function.aliases.end()) {
          return alias_not_found(api, function.name, alias_name);
        }
        TRY(check_revision(request.input, found->second.revision_id));
        TRY(read_alias(api, request.input, function, found->second));
        return alias_text(api, function, found->second);
      },
      std::move(reply));
}

}  // namespace millrace::functions
