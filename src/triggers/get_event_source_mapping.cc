#include "ops/input.h"
#include "triggers/event_source_mapping_operations.h"
#include "triggers/mapping_description.h"
#include "triggers/mapping_errors.h"

namespace millrace::triggers {

void get_event_source_mapping(const MappingServices& services, const api::Request& request,
                              const api::RestReply& reply) {
  const auto mapping = services.store.find(ops::string_or_empty(request.input, "UUID"));
  if (!mapping) return reply(mapping_not_found());
  reply(mapping_answer(*mapping, services));
}

}  // namespace millrace::triggers
