#include "ops/get_records.h"

#include <algorithm>

#include <fmt/format.h>

#include "json/writer.h"
#include "ops/input.h"
#include "ops/stream_request.h"
#include "streams/change_record.h"
#include "streams/shard_iterator.h"

namespace millrace::ops {
namespace {

constexpr int64_t kPageRecords = 1000;
constexpr size_t kPageBytes = 1024 * 1024;  // of SizeBytes

using streams::ShardIterator;

Result<ShardIterator> read_iterator(const Call& call) {
  auto iterator = streams::read_shard_iterator(string_or_empty(call.input, "ShardIterator"),
                                               call.database.iterator_secret);
  if (!iterator) return validation_error("Invalid ShardIterator");
  const int64_t age = call.database.clock.now_milliseconds() - iterator->issued_milliseconds;
  const int64_t age_seconds_max = call.database.stream_settings.iterator_max_age_seconds;
  if (age > age_seconds_max * 1000) {
    return Error{ErrorCode::kExpiredIteratorException,
                 fmt::format("Iterator expired. The iterator was created more than {} seconds ago",
                             age_seconds_max)};
  }
  return std::move(*iterator);
}

Result<catalog::Shard> find_shard(const catalog::Stream& stream, const ShardIterator& iterator) {
  auto found = std::find_if(stream.shards.begin(), stream.shards.end(), [&](const auto& shard) {
    return shard.partition == iterator.partition && shard.first == iterator.shard_first;
  });
  if (found == stream.shards.end()) {
    return Error{ErrorCode::kTrimmedDataAccessException, "The shard is no longer there"};
  }
  return *found;
}

// How far a page reaches.
struct PageEnd {
  engine::LogPosition next = 0;  // to read on from
  bool limited = false;          // there may be more records below the bound of the read
};

// Writes the array of the records from `from` up to, and without, `bound`.
Result<PageEnd> write_records(json::Writer& writer, const Call& call, const catalog::Stream& stream,
                              const catalog::Shard& shard, engine::LogPosition from,
                              engine::LogPosition bound, size_t records_max) {
  PageEnd end{from, false};
  size_t records = 0;
  size_t bytes = 0;
  Status written = Done{};
  const std::string& region = call.database.catalog.site().region;
  auto visit = [&](engine::LogPosition position, ByteView value) {
    if (position >= bound) return false;
    auto record = streams::decode_change_record(value);
    if (!record) {
      written = internal_error("a stored change record cannot be read");
      return false;
    }
    bytes += size_bytes(*record);
    end.limited = records == records_max || (records > 0 && bytes > kPageBytes);
    if (end.limited) return false;
    written = write_record(writer, *record, {stream, shard, position}, region);
    end.next = position + 1;
    ++records;
    return written.ok();
  };
  writer.begin_array();
  TRY(call.database.engine.read_log(shard.partition, from, visit));
  TRY(std::move(written));
  writer.end_array();
  return end;
}

}  // namespace

Result<std::string> get_records(const Call& call) {
  const auto limit = TRY(read_limit(call.input, kPageRecords));
  ShardIterator iterator = TRY(read_iterator(call));
  // The end of the log first, the shard after it: were the shard closed in between, what lies below
  // that end would still be the shard's.
  const auto log = TRY(call.database.engine.log_range(iterator.partition));
  const auto stream = TRY(find_stream(call.database, iterator.stream_arn));
  const auto shard = TRY(find_shard(*stream, iterator));
  if (iterator.position < log.first) {
    return Error{ErrorCode::kTrimmedDataAccessException,
                 "The operation attempted to read past the oldest stream record in a shard"};
  }
  const auto bound = shard.last ? std::min(*shard.last + 1, log.next) : log.next;

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Records");
  const PageEnd end =
      TRY(write_records(writer, call, *stream, shard, iterator.position, bound, limit));
  // A closed shard that is read to its end has no next iterator.
  if (!shard.last || end.limited) {
    iterator.position = end.next;
    iterator.issued_milliseconds = call.database.clock.now_milliseconds();
    writer.member("NextShardIterator",
                  write_shard_iterator(iterator, call.database.iterator_secret));
  }
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
