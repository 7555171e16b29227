#include "cli/trigger/control.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "cli/resources/await.h"
#include "cli/resources/lambda_calls.h"
#include "cli/resources/resource.h"
#include "cli/stream/time_text.h"
#include "cli/trigger/function_role.h"
#include "cli/trigger/targets.h"
#include "json/base64.h"

namespace millrace::cli::trigger {

namespace {

using resources::Node;

std::string title_of(const Trigger& trigger) {
  return fmt::format("{} → {} ({})", trigger.table, trigger.function, trigger.uuid);
}

// Another trigger's function is not to be removed.
Status check_functions(ServiceClient& client, const std::vector<Trigger>& removed) {
  std::set<std::string> uuids;
  std::set<std::string> functions;
  for (const Trigger& trigger : removed) {
    uuids.insert(trigger.uuid);
    functions.insert(unqualified(trigger.function));
  }
  for (const Trigger& other : TRY(list_triggers(client))) {
    if (uuids.contains(other.uuid) || !functions.contains(unqualified(other.function))) continue;
    return Error{ErrorCode::kInvalidConfiguration,
                 fmt::format("function {} is called by another trigger, too: {}",
                             unqualified(other.function), title_of(other))};
  }
  return Done{};
}

Status await_gone(ServiceClient& client, const std::string& uuid) {
  return resources::await("event source mapping " + uuid + " to go", [&]() -> Result<bool> {
    const auto mapping = resources::get_mapping(client, uuid);
    if (mapping.ok()) return false;
    if (mapping.error().code == ErrorCode::kResourceNotFoundException) return true;
    return mapping.error();
  });
}

// Its ARN; empty when there is no such function.
Result<std::string> role_of_function(ServiceClient& client, const std::string& function) {
  const auto found = TRY(resources::find_function(client, function));
  const Node* configuration = found ? found->find("Configuration") : nullptr;
  return configuration == nullptr ? std::string() : configuration->text_of("Role");
}

}  // namespace

Status set_enabled(ServiceClient& client, const std::string& target, bool enabled) {
  for (const Trigger& trigger : TRY(find_triggers(client, target))) {
    TRY(resources::await_mapping(client, trigger.uuid));
    TRY(client.call_rest({.operation = "UpdateEventSourceMapping",
                          .method = "PUT",
                          .path = resources::mapping_path(trigger.uuid),
                          .body = enabled ? R"({"Enabled":true})" : R"({"Enabled":false})"}));
    const Node mapping = TRY(resources::await_mapping(client, trigger.uuid));
    fmt::print("{}: {}\n", title_of(trigger), mapping.text_of("State"));
  }
  return Done{};
}

Status remove_triggers(ServiceClient& client, const std::string& target, bool with_function) {
  const auto triggers = TRY(find_triggers(client, target));
  if (with_function) TRY(check_functions(client, triggers));
  std::set<std::string> functions;
  for (const Trigger& trigger : triggers) {
    TRY(resources::await_mapping(client, trigger.uuid));
    TRY(client.send({.operation = "DeleteEventSourceMapping",
                     .method = "DELETE",
                     .path = resources::mapping_path(trigger.uuid)}));
    TRY(await_gone(client, trigger.uuid));
    fmt::print("- trigger {}\n", title_of(trigger));
    functions.insert(unqualified(trigger.function));
  }
  if (!with_function) return Done{};
  for (const std::string& function : functions) {
    const std::string role = TRY(role_of_function(client, function));
    TRY(client.send({.operation = "DeleteFunction",
                     .method = "DELETE",
                     .path = resources::function_path(function)}));
    fmt::print("- function {}\n", function);
    if (!role.empty()) TRY(remove_role(client, role));
  }
  return Done{};
}

std::optional<ReplayPosition> parse_replay_position(const std::string& text, int64_t now_seconds) {
  if (text == "trim-horizon") return ReplayPosition{"TRIM_HORIZON"};
  if (text == "latest") return ReplayPosition{"LATEST"};
  const auto seconds = stream::parse_time(text, now_seconds);
  if (!seconds) return std::nullopt;
  return ReplayPosition{"AT_TIMESTAMP", *seconds};
}

Status replay(ServiceClient& client, const std::string& target, const ReplayPosition& from) {
  for (const Trigger& trigger : TRY(find_triggers(client, target))) {
    Node body = Node::map();
    body.set("UUID", Node::of_text(trigger.uuid));
    body.set("StartingPosition", Node::of_text(from.name));
    if (from.name == "AT_TIMESTAMP") {
      body.set("StartingPositionTimestamp", Node::of_integer(from.seconds_since_1970));
    }
    TRY(client.call(resources::call_of("ReplayEventSourceMapping", body, kMillracePrefix)));
    fmt::print(
        "{}: goes on from {}\n", title_of(trigger),
        from.name == "AT_TIMESTAMP" ? stream::format_time(from.seconds_since_1970) : from.name);
  }
  return Done{};
}

Status invoke(ServiceClient& client, const std::string& function, const std::string& payload) {
  std::string body = payload;
  std::error_code problem;
  if (std::filesystem::is_regular_file(payload, problem)) {
    std::ifstream file(payload, std::ios::binary);
    body.assign(std::istreambuf_iterator<char>(file), {});
    if (!file) return Error{ErrorCode::kInvalidConfiguration, payload + " cannot be read"};
  }
  const auto answer = TRY(client.send({.operation = "Invoke",
                                       .method = "POST",
                                       .path = resources::function_path(function, "/invocations"),
                                       .body = std::move(body),
                                       .headers = {{"X-Amz-Log-Type", "Tail"}}}));
  if (const auto log = json::base64_decode(answer.header("X-Amz-Log-Result"))) {
    fmt::print(stderr, "{}", *log);
  }
  fmt::print("{}\n", answer.body);
  const std::string_view failure = answer.header("X-Amz-Function-Error");
  if (failure.empty()) return Done{};
  return Error{ErrorCode::kServiceException,
               fmt::format("function {} failed: {}", function, failure)};
}

}  // namespace millrace::cli::trigger
