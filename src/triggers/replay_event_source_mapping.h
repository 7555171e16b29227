// ReplayEventSourceMapping: a mapping begins anew, from another place of its stream.
#pragma once

#include "api/service.h"
#include "triggers/triggers.h"

namespace millrace::triggers {

void replay_event_source_mapping(Triggers& triggers, const api::Request& request, api::Reply reply);

}  // namespace millrace::triggers
