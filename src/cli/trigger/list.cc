#include "cli/trigger/list.h"

#include <cstdlib>

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "cli/columns.h"
#include "cli/resources/mapping.h"
#include "cli/resources/resource.h"
#include "cli/trigger/targets.h"

namespace millrace::cli::trigger {

namespace {

using resources::Node;
using resources::NodeMember;

// A map without members when the server does not tell.
Result<Node> read_statistics(ServiceClient& client, const std::string& uuid) {
  Node body = Node::map();
  body.set("UUID", Node::of_text(uuid));
  const auto answer =
      client.call(resources::call_of("DescribeTriggerStatistics", body, kMillracePrefix));
  if (answer.ok()) return resources::node_of(root_of(*answer));
  switch (answer.error().code) {
    case ErrorCode::kUnknownOperationException:
    case ErrorCode::kResourceNotFoundException:  // it is gone since it was listed
      return Node::map();
    default:
      return answer.error();
  }
}

Result<std::vector<Trigger>> listed(ServiceClient& client,
                                    const std::optional<std::string>& table) {
  auto triggers = TRY(list_triggers(client));
  if (table) {
    std::erase_if(triggers, [&](const Trigger& trigger) { return trigger.table != *table; });
  }
  return triggers;
}

std::string setting_text(const NodeMember& setting) {
  const Node& value = setting.value;
  if (value.is_true()) return setting.name;
  if (value.is_scalar()) return setting.name + "=" + value.text;
  if (setting.name == "FunctionResponseTypes") return value.items.front().text;
  if (setting.name == "FilterCriteria") {
    const Node* filters = value.find("Filters");
    return fmt::format("Filters={}", filters == nullptr ? 0 : filters->items.size());
  }
  const Node* on_failure = value.find("OnFailure");
  return "OnFailure=" + (on_failure == nullptr ? "" : on_failure->text_of("Destination"));
}

}  // namespace

std::string settings_cell(const Node& mapping) {
  const Node defaults = resources::mapping_settings(Node::map());
  std::string cell;
  for (const NodeMember& setting : resources::mapping_settings(mapping).members) {
    if (setting.value == *defaults.find(setting.name)) continue;
    if (!cell.empty()) cell += " ";
    cell += setting_text(setting);
  }
  return cell.empty() ? "-" : cell;
}

std::string lag_cell(const Node& statistics) {
  const std::string records = statistics.text_of("RecordsBehind");
  const std::string age = statistics.text_of("IteratorAgeMilliseconds");
  std::string cell;
  if (!records.empty()) cell = fmt::format("{} record{}", records, records == "1" ? "" : "s");
  if (!age.empty()) {
    const int64_t milliseconds = std::strtoll(age.c_str(), nullptr, 10);
    if (!cell.empty()) cell += ", ";
    cell += milliseconds < 1000 ? fmt::format("{} ms", milliseconds)
                                : fmt::format("{:.1f} s", static_cast<double>(milliseconds) / 1000);
  }
  return cell.empty() ? "-" : cell;
}

Result<std::string> triggers_text(ServiceClient& client, const std::optional<std::string>& table) {
  std::vector<Row> rows;
  for (const Trigger& trigger : TRY(listed(client, table))) {
    const Node statistics = TRY(read_statistics(client, trigger.uuid));
    rows.push_back({trigger.table, trigger.function, trigger.mapping.text_of("State"),
                    trigger.mapping.text_of("LastProcessingResult"), lag_cell(statistics),
                    settings_cell(trigger.mapping), trigger.uuid});
  }
  return format_columns({"TABLE", "FUNCTION", "STATE", "LAST RESULT", "LAG", "SETTINGS", "UUID"},
                        rows);
}

Result<std::string> triggers_json(ServiceClient& client, const std::optional<std::string>& table) {
  Node list = Node::list();
  for (Trigger& trigger : TRY(listed(client, table))) {
    trigger.mapping.set("Statistics", TRY(read_statistics(client, trigger.uuid)));
    list.items.push_back(std::move(trigger.mapping));
  }
  return to_json(list) + "\n";
}

}  // namespace millrace::cli::trigger
