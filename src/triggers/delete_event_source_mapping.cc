#include <memory>
#include <utility>

#include "ops/input.h"
#include "triggers/event_source_mapping_operations.h"
#include "triggers/mapping_description.h"
#include "triggers/mapping_errors.h"

namespace millrace::triggers {
namespace {

Result<MappingPointer> deleting(const MappingPointer& current, int64_t now_milliseconds) {
  if (!current) return mapping_not_found();
  if (current->state != MappingState::kEnabled && current->state != MappingState::kDisabled) {
    return Error{ErrorCode::kResourceInUseException,
                 "Cannot delete the event source mapping because it is in use."};
  }
  Mapping next = *current;
  next.state = MappingState::kDeleting;
  next.state_transition_reason = "User action";
  next.last_modified_milliseconds = now_milliseconds;
  return std::make_shared<const Mapping>(std::move(next));
}

}  // namespace

void delete_event_source_mapping(const MappingServices& services, const api::Request& request,
                                 api::RestReply reply) {
  services.store.change(
      ops::string_or_empty(request.input, "UUID"),
      [now = services.clock.now_milliseconds()](const MappingPointer& current) {
        return deleting(current, now);
      },
      [&services, reply = std::move(reply)](Result<MappingPointer> changed) {
        if (!changed) return reply(std::move(changed).error());
        reply(mapping_answer(**changed, services));
      });
}

}  // namespace millrace::triggers
