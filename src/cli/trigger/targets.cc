#include "cli/trigger/targets.h"

#include <algorithm>
#include <tuple>

#include "cli/resources/lambda_calls.h"

namespace millrace::cli::trigger {

Result<std::vector<Trigger>> list_triggers(ServiceClient& client) {
  std::vector<Trigger> triggers;
  for (resources::Node& mapping : TRY(resources::list_mappings(client, "", ""))) {
    std::string table = resources::table_of_stream(mapping.text_of("EventSourceArn"));
    if (table.empty()) continue;
    std::string function = resources::function_of_arn(mapping.text_of("FunctionArn"));
    triggers.push_back(
        {mapping.text_of("UUID"), std::move(table), std::move(function), std::move(mapping)});
  }
  std::ranges::sort(triggers, {}, [](const Trigger& trigger) {
    return std::tie(trigger.table, trigger.function, trigger.uuid);
  });
  return triggers;
}

Result<std::vector<Trigger>> find_triggers(ServiceClient& client, const std::string& target) {
  auto triggers = TRY(list_triggers(client));
  std::erase_if(triggers, [&](const Trigger& trigger) {
    const bool is_meant = trigger.uuid == target || trigger.table == target ||
                          trigger.function == target || unqualified(trigger.function) == target ||
                          trigger.mapping.text_of("FunctionArn") == target;
    return !is_meant || trigger.mapping.text_of("State") == "Deleting";
  });
  if (triggers.empty()) {
    return Error{ErrorCode::kResourceNotFoundException,
                 "no trigger belongs to a table or a function called '" + target +
                     "', or has that UUID: see `millrace trigger ls`"};
  }
  return triggers;
}

std::string unqualified(const std::string& function) {
  return function.substr(0, function.find(':'));
}

}  // namespace millrace::cli::trigger
