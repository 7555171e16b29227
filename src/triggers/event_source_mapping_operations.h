// The operations of the Lambda API on event source mappings, and what they need.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/service.h"
#include "base/clock.h"
#include "base/random.h"
#include "catalog/catalog.h"
#include "triggers/failed_batch.h"
#include "triggers/mapping_store.h"

namespace millrace::triggers {

// Everything in it outlives the operations. The functions may be called from any thread.
struct MappingServices {
  MappingStore& store;
  const catalog::Catalog& catalog;
  const Clock& clock;
  Random& random;
  const FailureDestinations& destinations;
  // The ARN of the function of a name in any of the API's forms, with the qualifier if it has one;
  // ResourceNotFoundException when there is none.
  std::function<Result<std::string>(std::string_view function_name)> function_arn;
  // What came of the last batch; none: there was no batch yet.
  std::function<std::optional<std::string>(const std::string& uuid)> last_processing_result;
};

// `services` must outlive them. A mapping that is made, changed or deleted is left in the state
// Creating, Enabling, Disabling, Updating or Deleting: it is for whoever listens to the store to
// bring it on from there.
[[nodiscard]] std::vector<api::RestOperation> event_source_mapping_operations(
    const MappingServices& services);

void create_event_source_mapping(const MappingServices& services, const api::Request& request,
                                 api::RestReply reply);
void delete_event_source_mapping(const MappingServices& services, const api::Request& request,
                                 api::RestReply reply);
void get_event_source_mapping(const MappingServices& services, const api::Request& request,
                              const api::RestReply& reply);
void list_event_source_mappings(const MappingServices& services, const api::Request& request,
                                const api::RestReply& reply);
void update_event_source_mapping(const MappingServices& services, const api::Request& request,
                                 api::RestReply reply);

}  // namespace millrace::triggers
