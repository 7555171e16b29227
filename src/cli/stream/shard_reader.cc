#include "cli/stream/shard_reader.h"

#include "cli/client/answer.h"
#include "cli/stream/time_search.h"

namespace millrace::cli::stream {

namespace {

using std::chrono::steady_clock;

constexpr auto kTimeout = std::chrono::seconds(60);
constexpr auto kRest = std::chrono::seconds(1);
constexpr auto kReopenPause = std::chrono::milliseconds(100);

constexpr size_t kPageRecords = 1000;
// A page of fewer bytes has room for one more record of two images of 400 KB.
constexpr int64_t kShortPageBytes = 200'000;

std::optional<json::Object> change_of(json::Object record) {
  return find_object(record, "dynamodb");
}

// Whether the page ends where the shard ended when it was read.
bool is_short(const std::vector<json::Object>& records) {
  int64_t bytes = 0;
  for (const json::Object record : records) {
    if (const auto change = change_of(record)) {
      bytes += find_integer(*change, "SizeBytes").value_or(0);
    }
  }
  return records.size() < kPageRecords && bytes < kShortPageBytes;
}

}  // namespace

ShardReader::ShardReader(const Reading& reading, ShardStart start)
    : reading_(reading),
      start_(std::move(start)),
      client_(reading.connection, reading.clock, kTimeout, reading.stop.descriptor()),
      calls_(client_, reading.patience, reading.stream_arn, start_.shard.id),
      read_seconds_(reading.clock.now_milliseconds() / 1000) {}

Status ShardReader::run() {
  const auto wait = reading_.follows ? std::optional(reading_.wait) : std::nullopt;
  Iterator iterator = TRY(open(start_.position));
  while (iterator && !reading_.stop.is_raised()) {
    const auto begin = steady_clock::now();
    const int64_t begin_seconds = reading_.clock.now_milliseconds() / 1000;
    const auto page = calls_.get_records(*iterator, std::nullopt, wait);
    if (!page.ok()) {
      iterator = TRY(reopen(page.error()));
      continue;
    }
    read_seconds_ = begin_seconds;
    const json::Object root = root_of(*page);
    const auto records = objects_of(root, "Records");
    TRY(deliver(records));
    iterator = find_text(root, "NextShardIterator");
    if (!reading_.follows && is_short(records)) break;
    if (records.empty() && iterator) rest(steady_clock::now() - begin);
  }
  return Done{};
}

Result<ShardReader::Iterator> ShardReader::open(Position position) {
  seconds_min_.reset();
  if (position.kind == Position::Kind::kTime) {
    seconds_min_ = position.seconds;
    position = TRY(find_time(calls_, start_.shard, position.seconds));
  }
  auto iterator = calls_.get_iterator(position);
  if (iterator.ok()) return Iterator(*std::move(iterator));
  return reopen(iterator.error());
}

Result<ShardReader::Iterator> ShardReader::reopen(const Error& error) {
  switch (error.code) {
    case ErrorCode::kExpiredIteratorException:
      return open(resume_position());
    case ErrorCode::kTrimmedDataAccessException:
      reading_.warnings.warn("records of " + start_.shard.id +
                             " were trimmed before they were read; going on with the oldest");
      if (reading_.stop.wait_for(kReopenPause)) return Iterator();
      return open({});
    case ErrorCode::kResourceNotFoundException:
      reading_.warnings.warn(start_.shard.id + " was trimmed before it was read to its end");
      return Iterator();
    default:
      return error;
  }
}

// Nothing was read yet of a shard whose end was asked for: what came since is found by its time.
Position ShardReader::resume_position() const {
  if (!last_sequence_number_.empty()) {
    return {.kind = Position::Kind::kAfter, .sequence_number = last_sequence_number_};
  }
  if (start_.position.kind != Position::Kind::kLatest) return start_.position;
  return {.kind = Position::Kind::kTime, .sequence_number = {}, .seconds = read_seconds_};
}

Status ShardReader::deliver(const std::vector<json::Object>& records) {
  std::vector<json::Object> wanted;
  wanted.reserve(records.size());
  for (const json::Object record : records) {
    const auto change = change_of(record);
    if (!change) continue;
    const double seconds = find_number(*change, "ApproximateCreationDateTime").value_or(0);
    if (!seconds_min_ || seconds >= static_cast<double>(*seconds_min_)) wanted.push_back(record);
    last_sequence_number_ = text_of(*change, "SequenceNumber");
  }
  if (wanted.empty()) return Done{};
  return reading_.sink.write(start_.shard.id, wanted);
}

// A server that knows the long poll has waited already.
void ShardReader::rest(steady_clock::duration waited) const {
  if (reading_.follows && waited < reading_.wait / 2) {
    [[maybe_unused]] const bool stopped = reading_.stop.wait_for(kRest);
  }
}

}  // namespace millrace::cli::stream
