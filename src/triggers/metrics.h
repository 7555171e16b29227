// The triggers as a page of metrics, in Prometheus' text format.
#pragma once

#include <functional>
#include <string>

#include "triggers/triggers.h"

namespace millrace::triggers {

// Calls `done` once, on the scheduler; with an error when the engine fails.
void write_metrics(Triggers& triggers, std::function<void(Result<std::string>)> done);

}  // namespace millrace::triggers
