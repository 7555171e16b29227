#include <memory>
#include <utility>

#include "ops/input.h"
#include "triggers/event_source_mapping_operations.h"
#include "triggers/mapping_description.h"
#include "triggers/mapping_errors.h"
#include "triggers/mapping_settings.h"

namespace millrace::triggers {
namespace {

struct Update {
  MappingSettings settings;
  std::optional<std::string> function_arn;
  int64_t now_milliseconds = 0;
};

Result<Update> read_update(const MappingServices& services, json::Object input) {
  Update update;
  update.settings = TRY(read_mapping_settings(input, services.destinations));
  if (const auto name = ops::optional_string(input, "FunctionName")) {
    auto function = services.function_arn(*name);
    if (!function && function.error().code == ErrorCode::kResourceNotFoundException) {
      return invalid_parameter("Function does not exist");
    }
    update.function_arn = TRY(std::move(function));
  }
  update.now_milliseconds = services.clock.now_milliseconds();
  return update;
}

MappingState state_while_changing(const Mapping& before, const Mapping& after) {
  if (before.enabled == after.enabled) return MappingState::kUpdating;
  return after.enabled ? MappingState::kEnabling : MappingState::kDisabling;
}

Result<MappingPointer> updated(const MappingStore& store, const MappingPointer& current,
                               const Update& update) {
  if (!current) return mapping_not_found();
  if (current->state != MappingState::kEnabled && current->state != MappingState::kDisabled) {
    return Error{ErrorCode::kResourceInUseException,
                 "Cannot update the event source mapping because it is in use."};
  }
  Mapping next = TRY(with_settings(*current, update.settings));
  if (update.function_arn) next.function_arn = *update.function_arn;
  TRY(store.check_unique(next));
  next.state = state_while_changing(*current, next);
  next.state_transition_reason = "User action";
  next.last_modified_milliseconds = update.now_milliseconds;
  return std::make_shared<const Mapping>(std::move(next));
}

}  // namespace

void update_event_source_mapping(const MappingServices& services, const api::Request& request,
                                 api::RestReply reply) {
  auto update = read_update(services, request.input);
  if (!update) return reply(std::move(update).error());
  services.store.change(
      ops::string_or_empty(request.input, "UUID"),
      [&services, update = *std::move(update)](const MappingPointer& current) {
        return updated(services.store, current, update);
      },
      [&services, reply = std::move(reply)](Result<MappingPointer> changed) {
        if (!changed) return reply(std::move(changed).error());
        reply(mapping_answer(**changed, services));
      });
}

}  // namespace millrace::triggers
