#include <algorithm>

#include <fmt/format.h>

#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"

namespace millrace::functions {
namespace {

std::vector<std::string> aliases_of(const Function& function, const std::string& version) {
  std::vector<std::string> names;
  for (const auto& [name, alias] : function.aliases) {
    if (alias.version == version || alias.weights.contains(version)) names.push_back(name);
  }
  return names;
}

Result<FunctionPointer> without_version(const FunctionApi& api, const Function& function,
                                        const FunctionName& name) {
  if (name.qualifier == kLatest) {
    return invalid_parameter("$LATEST version cannot be deleted without deleting the function.");
  }
  if (function.aliases.contains(name.qualifier)) {
    return invalid_parameter("Deletion of aliases is not currently supported.");
  }
  const auto number = version_number(name.qualifier);
  if (!number || !function.published.contains(*number)) return function_not_found(api.site, name);
  const auto aliases = aliases_of(function, name.qualifier);
  if (!aliases.empty()) {
    return Error{
        ErrorCode::kResourceConflictException,
        fmt::format("Unable to delete version because the following aliases reference it: [{}]",
                    fmt::join(aliases, ", "))};
  }
  auto changed = std::make_shared<Function>(function);
  changed->published.erase(*number);
  changed->event_invoke_configs.erase(name.qualifier);
  changed->policies.erase(name.qualifier);
  return FunctionPointer(std::move(changed));
}

}  // namespace

void delete_function(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto name = requested_function(api, request.input);
  if (!name.ok()) return reply(std::move(name).error());
  api.store.change(
      name->name,
      [&](const FunctionPointer& current) -> Result<FunctionPointer> {
        if (!current) return function_not_found(api.site, *name);
        if (!name->qualifier.empty()) return without_version(api, *current, *name);
        return FunctionPointer();
      },
      [reply = std::move(reply)](Result<FunctionPointer> deleted) {
        if (!deleted.ok()) return reply(std::move(deleted).error());
        reply(empty_answer(204));
      });
}

}  // namespace millrace::functions
