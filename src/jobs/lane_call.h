// Writes that the server itself makes in the lanes, and waits for.
#pragma once

#include <functional>

#include "ops/table_change.h"

namespace millrace::jobs {

using EvaluateCall = std::function<Status(ops::LaneBatch& batch)>;

// Runs `evaluate` in the lane and returns when what it did is durable. Not on a thread of the
// engine's or the lane's. When the lane's partition has split it does nothing: the next step of the
// work finds the halves.
[[nodiscard]] Status call_in_lane(ops::Lane& lane, EvaluateCall evaluate);

// As TableChange::apply().
using ApplyChange =
    std::function<Status(ops::LaneBatches batches, catalog::Table& table, catalog::Change& change)>;

// Changes a table in all its lanes, likewise. ResourceNotFoundException when it is gone.
[[nodiscard]] Status change_table(ops::Database& database, const catalog::Table& table,
                                  ApplyChange apply);

// A table that was deleted meanwhile is no failure.
[[nodiscard]] Status tolerate_deletion(Status status);

}  // namespace millrace::jobs
