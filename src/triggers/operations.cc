#include "triggers/operations.h"

#include "triggers/describe_trigger_statistics.h"
#include "triggers/replay_event_source_mapping.h"

namespace millrace::triggers {

std::vector<api::JsonOperation> trigger_operations(Triggers& triggers) {
  return {{"DescribeTriggerStatistics", "DescribeTriggerStatisticsInput",
           [&triggers](const api::Request& request, api::Reply reply) {
             describe_trigger_statistics(triggers, request, std::move(reply));
           }},
          {"ReplayEventSourceMapping", "ReplayEventSourceMappingInput",
           [&triggers](const api::Request& request, api::Reply reply) {
             replay_event_source_mapping(triggers, request, std::move(reply));
           }}};
}

}  // namespace millrace::triggers
