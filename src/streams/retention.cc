#include "streams/retention.h"

#include <charconv>

#include <fmt/format.h>

#include "streams/change_record.h"

namespace millrace::streams {
namespace {

constexpr int64_t kHoursMax = 876'000;

struct FoundTime {
  engine::LogPosition position;
  int64_t created_milliseconds;
};

// Of the first record at `from` or above; nullopt when there is none.
Result<std::optional<FoundTime>> time_at(engine::Engine& engine, engine::PartitionId partition,
                                         engine::LogPosition from) {
  std::optional<FoundTime> found;
  bool readable = true;
  TRY(engine.read_log(partition, from, [&](engine::LogPosition position, ByteView value) {
    const auto record = decode_change_record(value);
    readable = record.has_value();
    if (readable) found = FoundTime{position, record->created_milliseconds};
    return false;
  }));
  if (!readable) return internal_error("a stored change record cannot be read");
  return found;
}

}  // namespace

Result<int64_t> retention_seconds_of(const catalog::Tags& tags) {
  const auto tag = tags.find(kRetentionTag);
  if (tag == tags.end()) return int64_t{0};
  const std::string& text = tag->second;
  int64_t hours = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, hours);
  if (error != std::errc() || stopped != end || hours < 1 || hours > kHoursMax) {
    return validation_error(
        fmt::format("One or more parameter values were invalid: The value '{}' of the tag {} is "
                    "not a number of hours from 1 to {}",
                    text, kRetentionTag, kHoursMax));
  }
  return hours * 60 * 60;
}

int64_t retention_milliseconds(const catalog::Stream& stream, const StreamSettings& settings) {
  const bool has_own = stream.retention_seconds > 0;
  return (has_own ? stream.retention_seconds : settings.retention_seconds) * 1000;
}

bool is_over(const catalog::Stream& stream, int64_t horizon_milliseconds) {
  return !stream.enabled && stream.disabled_milliseconds < horizon_milliseconds;
}

bool is_over(const catalog::Shard& shard, int64_t horizon_milliseconds) {
  return shard.last && shard.closed_milliseconds < horizon_milliseconds;
}

Result<engine::LogPosition> position_at_time(engine::Engine& engine, engine::PartitionId partition,
                                             const engine::LogRange& range, int64_t milliseconds) {
  // Everything below `low` is older; `high` and what is above it is not, or is not there.
  engine::LogPosition low = range.first;
  engine::LogPosition high = range.next;
  // The oldest record first: most often it is young enough.
  engine::LogPosition probe = low;
  while (low < high) {
    const auto found = TRY(time_at(engine, partition, probe));
    if (found && found->position < high && found->created_milliseconds < milliseconds) {
      low = found->position + 1;
    } else {
      high = probe;
    }
    probe = low + (high - low) / 2;
  }
  return low;
}

}  // namespace millrace::streams
