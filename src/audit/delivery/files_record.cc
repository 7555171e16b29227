#include "audit/delivery/files_record.h"

#include "catalog/catalog.h"

namespace millrace::audit {

Status FilesRecord::store(FilesState state, EventNumber cursor,
                          std::vector<engine::Mutation> with) {
  with.emplace_back(engine::Put{consumers_.state_key(sink_), encode_files_state(state)});
  TRY(spool_.advance(consumers_.consumer(sink_), cursor, std::move(with)));
  state_ = std::move(state);
  cursor_ = cursor;
  return Done{};
}

engine::Mutation FilesRecord::add_log_file(FilesState& state,
                                           const DigestedLogFile& log_file) const {
  const uint64_t number = state.next_log_file++;
  return engine::Put{consumers_.entry_key(sink_, number), encode_log_file(log_file)};
}

engine::Mutation FilesRecord::erase_log_files(FilesState& state, uint64_t end) const {
  const uint64_t first = std::exchange(state.first_log_file, end);
  return engine::EraseRange{consumers_.entry_key(sink_, first), consumers_.entry_key(sink_, end)};
}

Result<std::vector<DigestedLogFile>> FilesRecord::log_files(uint64_t end) const {
  std::vector<DigestedLogFile> found;
  Status read = Done{};
  TRY(engine_.scan(
      catalog::kAuditPartition,
      {consumers_.entry_key(sink_, state_.first_log_file), consumers_.entry_key(sink_, end)},
      engine::Direction::kForward, [&](ByteView, ByteView value) {
        auto log_file = decode_log_file(value);
        if (!log_file) {
          read = log_file.error();
          return false;
        }
        found.push_back(*std::move(log_file));
        return true;
      }));
  TRY(std::move(read));
  return found;
}

}  // namespace millrace::audit
