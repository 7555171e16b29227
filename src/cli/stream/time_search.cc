#include "cli/stream/time_search.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "cli/client/answer.h"

namespace millrace::cli::stream {

namespace {

// "1" and twenty digits of a position.
std::optional<uint64_t> position_of(std::string_view sequence_number) {
  if (sequence_number.size() != 21 || sequence_number.front() != '1') return std::nullopt;
  uint64_t position = 0;
  const char* end = sequence_number.data() + sequence_number.size();
  const auto [stopped, problem] = std::from_chars(sequence_number.data() + 1, end, position);
  if (problem != std::errc() || stopped != end) return std::nullopt;
  return position;
}

class Search {
 public:
  Search(ShardCalls& calls, int64_t seconds) : calls_(calls), seconds_(seconds) {}

  Result<Position> run(const ShardDescription& shard) {
    const auto last = position_of(shard.last_sequence_number.value_or(""));
    const auto first = TRY(earlier_record({}));
    if (!first) return Position{};
    uint64_t early = *first;
    // One beyond all that is looked at, found by doubling where the shard has no end.
    uint64_t bound = last ? *last + 1 : early + 1;
    for (uint64_t step = 1; !last; step *= 2) {
      const auto found = TRY(earlier_record(at(early + step)));
      bound = early + step;
      if (!found) break;
      early = *found;
    }
    while (early + 1 < bound) {
      const uint64_t middle = early + (bound - early) / 2;
      const auto found = TRY(earlier_record(at(middle)));
      if (found)
        early = *found;
      else
        bound = middle;
    }
    return Position{.kind = Position::Kind::kAfter,
                    .sequence_number = fmt::format("1{:020}", early)};
  }

 private:
  static Position at(uint64_t position) {
    return {.kind = Position::Kind::kAt, .sequence_number = fmt::format("1{:020}", position)};
  }

  // Where the first record at or after `from` stands, if it is earlier than the time. Beyond the
  // end of the shard there is none.
  Result<std::optional<uint64_t>> earlier_record(const Position& from) {
    const std::optional<uint64_t> none;
    auto iterator = calls_.get_iterator(from);
    if (!iterator.ok()) {
      if (iterator.error().code == ErrorCode::kValidationException) return none;
      return iterator.error();
    }
    const auto page = TRY(calls_.get_records(*iterator, 1, std::nullopt));
    const auto records = objects_of(root_of(page), "Records");
    const auto change = records.empty() ? std::nullopt : find_object(records[0], "dynamodb");
    if (!change) return none;
    const auto time = find_number(*change, "ApproximateCreationDateTime");
    if (!time || *time >= static_cast<double>(seconds_)) return none;
    return position_of(text_of(*change, "SequenceNumber"));
  }

  ShardCalls& calls_;
  const int64_t seconds_;
};

}  // namespace

Result<Position> find_time(ShardCalls& calls, const ShardDescription& shard, int64_t seconds) {
  if (!position_of(shard.first_sequence_number)) return Position{};
  auto found = Search(calls, seconds).run(shard);
  // What is trimmed meanwhile is early.
  const bool is_trimmed =
      !found.ok() && found.error().code == ErrorCode::kTrimmedDataAccessException;
  return is_trimmed ? Position{} : std::move(found);
}

}  // namespace millrace::cli::stream
