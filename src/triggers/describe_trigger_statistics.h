// DescribeTriggerStatistics: how a mapping gets on.
#pragma once

#include "api/service.h"
#include "triggers/triggers.h"

namespace millrace::triggers {

void describe_trigger_statistics(Triggers& triggers, const api::Request& request, api::Reply reply);

}  // namespace millrace::triggers
