#include "engine/engine_calls_testing.h"

#include <future>

namespace millrace::engine {

Status commit_and_wait(Engine& engine, std::vector<PartitionCommit> commit) {
  std::promise<Status> done;
  engine.commit(std::move(commit), [&](Status status) { done.set_value(std::move(status)); });
  return done.get_future().get();
}

void put(Engine& engine, PartitionId partition, Bytes key, Bytes value) {
  MILLRACE_CHECK(commit_and_wait(engine, {{.partition = partition,
                                           .mutations = {Put{std::move(key), std::move(value)}},
                                           .records = {}}})
                     .ok());
}

void append(Engine& engine, PartitionId partition, LogPosition position, Bytes value) {
  MILLRACE_CHECK(commit_and_wait(engine, {{.partition = partition,
                                           .mutations = {},
                                           .records = {{position, std::move(value)}}}})
                     .ok());
}

std::optional<Bytes> get(Engine& engine, PartitionId partition, ByteView key) {
  return engine.get(partition, key).value();
}

Pairs scan(Engine& engine, PartitionId partition, const KeyRange& range, Direction direction) {
  Pairs pairs;
  const Status status = engine.scan(partition, range, direction, [&](ByteView key, ByteView value) {
    pairs.emplace_back(key, value);
    return true;
  });
  MILLRACE_CHECK(status.ok());
  return pairs;
}

Records read_log(Engine& engine, PartitionId partition, LogPosition from) {
  Records records;
  const Status status = engine.read_log(partition, from, [&](LogPosition position, ByteView value) {
    records.emplace_back(position, value);
    return true;
  });
  MILLRACE_CHECK(status.ok());
  return records;
}

std::pair<LogPosition, LogPosition> log_range(Engine& engine, PartitionId partition) {
  const LogRange range = engine.log_range(partition).value();
  return {range.first, range.next};
}

}  // namespace millrace::engine
