// Short forms of engine calls, for tests that expect them to succeed.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"

namespace millrace::engine {

using Pairs = std::vector<std::pair<Bytes, Bytes>>;
using Records = std::vector<std::pair<LogPosition, Bytes>>;

// Commits and waits for `done`.
Status commit_and_wait(Engine& engine, std::vector<PartitionCommit> commit);
// One put, likewise; asserts that it succeeds.
void put(Engine& engine, PartitionId partition, Bytes key, Bytes value);
// One log record, likewise.
void append(Engine& engine, PartitionId partition, LogPosition position, Bytes value);

std::optional<Bytes> get(Engine& engine, PartitionId partition, ByteView key);
Pairs scan(Engine& engine, PartitionId partition, const KeyRange& range = {},
           Direction direction = Direction::kForward);
Records read_log(Engine& engine, PartitionId partition, LogPosition from = 1);
// {first, next}
std::pair<LogPosition, LogPosition> log_range(Engine& engine, PartitionId partition);

}  // namespace millrace::engine
