// What is known of the deliveries of one trail to its bucket: in memory as it is stored.
#pragma once

#include <string>
#include <vector>

#include "audit/delivery/state.h"
#include "audit/delivery/trail_consumers.h"

namespace millrace::audit {

// For one thread. All it is given outlives it.
class FilesRecord {
 public:
  FilesRecord(engine::Engine& engine, Spool& spool, const TrailConsumers& consumers, SinkId sink,
              FilesState state, EventNumber cursor)
      : engine_(engine),
        spool_(spool),
        consumers_(consumers),
        sink_(sink),
        state_(std::move(state)),
        cursor_(cursor) {}

  [[nodiscard]] SinkId sink() const { return sink_; }
  [[nodiscard]] const FilesState& state() const { return state_; }
  // The first event that is in no log file yet.
  [[nodiscard]] EventNumber cursor() const { return cursor_; }

  // Stores them durably, all or nothing; on an error it is what it was.
  [[nodiscard]] Status store(FilesState state) { return store(std::move(state), cursor_); }
  [[nodiscard]] Status store(FilesState state, EventNumber cursor,
                             std::vector<engine::Mutation> with = {});

  // The log files that are in no digest yet, for store().
  [[nodiscard]] engine::Mutation add_log_file(FilesState& state,
                                              const DigestedLogFile& log_file) const;
  [[nodiscard]] engine::Mutation erase_log_files(FilesState& state, uint64_t end) const;
  // Those below that number.
  [[nodiscard]] Result<std::vector<DigestedLogFile>> log_files(uint64_t end) const;

 private:
  engine::Engine& engine_;
  Spool& spool_;
  const TrailConsumers& consumers_;
  const SinkId sink_;
  FilesState state_;
  EventNumber cursor_;
};

}  // namespace millrace::audit
