#include "functions/input.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"

namespace millrace::functions {

// An alias that is not there is deleted already.
void delete_alias(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto name = requested_function(api, request.input);
  if (!name.ok()) return reply(std::move(name).error());
  const std::string alias_name = text_or_empty(request.input, "Name");
  api.store.change(
      name->name,
      [&](const FunctionPointer& current) -> Result<FunctionPointer> {
        if (!current || !current->aliases.contains(alias_name)) return current;
        auto changed = std::make_shared<Function>(*current);
        changed->aliases.erase(alias_name);
        changed->event_invoke_configs.erase(alias_name);
        changed->policies.erase(alias_name);
        return FunctionPointer(std::move(changed));
      },
      [reply = std::move(reply)](Result<FunctionPointer> deleted) {
        if (!deleted.ok()) return reply(std::move(deleted).error());
        reply(empty_answer(204));
      });
}

}  // namespace millrace::functions
