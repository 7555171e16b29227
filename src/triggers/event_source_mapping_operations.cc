#include "triggers/event_source_mapping_operations.h"

#include <utility>

namespace millrace::triggers {

std::vector<api::RestOperation> event_source_mapping_operations(const MappingServices& services) {
  const auto operation = [&services](std::string name, auto run) {
    return api::RestOperation{std::move(name),
                              [&services, run](const api::Request& request, api::RestReply reply) {
                                run(services, request, std::move(reply));
                              }};
  };
  return {operation("CreateEventSourceMapping", create_event_source_mapping),
          operation("DeleteEventSourceMapping", delete_event_source_mapping),
          operation("GetEventSourceMapping", get_event_source_mapping),
          operation("ListEventSourceMappings", list_event_source_mappings),
          operation("UpdateEventSourceMapping", update_event_source_mapping)};
}

}  // namespace millrace::triggers
