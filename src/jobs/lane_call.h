// A write that the server itself makes in a lane, and waits for.
#pragma once

#include <functional>

#include "ops/lane.h"

namespace millrace::jobs {

using EvaluateCall = std::function<Status(ops::LaneBatch& batch)>;

// Runs `evaluate` in the lane and returns when what it did is durable. Not on a thread of the
// engine's or the lane's.
[[nodiscard]] Status call_in_lane(ops::Lane& lane, EvaluateCall evaluate);

}  // namespace millrace::jobs
