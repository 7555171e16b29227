// An event source mapping as the API shows it.
#pragma once

#include <string>

#include "json/writer.h"
#include "triggers/event_source_mapping_operations.h"

namespace millrace::triggers {

// The shape EventSourceMappingConfiguration.
void write_mapping_description(json::Writer& writer, const Mapping& mapping,
                               const MappingServices& services);
[[nodiscard]] api::RestAnswer mapping_answer(const Mapping& mapping,
                                             const MappingServices& services);

}  // namespace millrace::triggers
