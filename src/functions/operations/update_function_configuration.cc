#include "functions/function_configuration.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"

namespace millrace::functions {

void update_function_configuration(FunctionApi& api, const api::Request& request,
                                   api::RestReply reply) {
  auto name = requested_function(api, request.input);
  if (!name.ok()) return reply(std::move(name).error());
  change_function(
      api, *name,
      [&](Function& function) -> Result<std::string> {
        TRY(check_revision(request.input, function.latest->revision_id));
        FunctionVersion changed = *function.latest;
        TRY(read_configuration(request.input, changed));
        if (json::member(request.input, "Role")) TRY(check_role(api, changed.role));
        replace_latest(api, function, [&](FunctionVersion& latest) { latest = changed; });
        return configuration_text(api, *function.latest, "");
      },
      std::move(reply));
}

}  // namespace millrace::functions
