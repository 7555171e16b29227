#include "ops/records_page.h"

#include <algorithm>

#include "json/writer.h"
#include "ops/stream_request.h"
#include "streams/change_record.h"

namespace millrace::ops {
namespace {

using engine::LogPosition;
using engine::LogRange;
using streams::ShardIterator;

constexpr size_t kPageBytes = 1024 * 1024;  // of SizeBytes
// Of the text of a page: what JSON adds to a full one's bytes.
constexpr size_t kTextBytes = kPageBytes + kPageBytes / 4;
// From so many records on a page is likely to be full.
constexpr LogPosition kManyRecords = 256;

// What is there of a shard.
struct ShardView {
  catalog::StreamPointer stream;
  catalog::Shard shard;
  LogRange log;

  // Its records lie below.
  [[nodiscard]] LogPosition bound() const {
    return shard.last ? std::min(*shard.last + 1, log.next) : log.next;
  }
};

Result<catalog::Shard> find_shard(const catalog::Stream& stream, const ShardIterator& iterator) {
  auto found = std::find_if(stream.shards.begin(), stream.shards.end(), [&](const auto& shard) {
    return shard.partition == iterator.partition && shard.first == iterator.shard_first;
  });
  if (found == stream.shards.end()) {
    return Error{ErrorCode::kResourceNotFoundException, "Invalid ShardId in ShardIterator"};
  }
  return *found;
}

// `log`: as it is now. A log that is dropped begins anew.
Status check_not_trimmed(const ShardView& view, LogPosition position, const LogRange& log) {
  // Behind the end of a closed shard there was never anything.
  const bool may_have_had = !view.shard.last || position <= *view.shard.last;
  if (!may_have_had || (position >= log.first && log.next >= view.log.next)) return Done{};
  return Error{ErrorCode::kTrimmedDataAccessException,
               "The operation attempted to read past the oldest stream record in a shard"};
}

Result<ShardView> view_shard(const Database& database, const ShardIterator& iterator) {
  // The end of the log first, the shard after it: were an open shard closed in between, what lies
  // below that end would still be the shard's.
  const auto log = TRY(database.engine.log_range(iterator.partition));
  auto stream = TRY(find_stream(database, iterator.stream_arn));
  auto shard = TRY(find_shard(*stream, iterator));
  ShardView view{std::move(stream), std::move(shard), log};
  // All of a closed shard is in its log, but perhaps more than was there a moment ago.
  const auto log_now = TRY(database.engine.log_range(iterator.partition));
  TRY(check_not_trimmed(view, iterator.position, log_now));
  if (view.shard.last) view.log = log_now;
  return view;
}

// How far a page reaches.
struct PageEnd {
  LogPosition next = 0;  // to read on from
  bool limited = false;  // there may be more records below the bound of the read
};

// Writes the array of the records from `from` on.
Result<PageEnd> write_records(json::Writer& writer, const Database& database, const ShardView& view,
                              LogPosition from, const RecordsRequest& request) {
  PageEnd end{from, false};
  size_t records = 0;
  size_t bytes = 0;
  Status written = Done{};
  const std::string& region = database.catalog.site().region;
  auto visit = [&](LogPosition position, ByteView value) {
    if (position >= view.bound()) return false;
    auto record = streams::decode_change_record(value);
    if (!record) {
      written = internal_error("a stored change record cannot be read");
      return false;
    }
    bytes += size_bytes(*record);
    end.limited = records == request.limit || (records > 0 && bytes > kPageBytes);
    if (end.limited) return false;
    written =
        write_record(writer, *record, {*view.stream, view.shard, position}, region, request.form);
    end.next = position + 1;
    ++records;
    return written.ok();
  };
  writer.begin_array();
  if (from < view.bound()) TRY(database.engine.read_log(view.shard.partition, from, visit));
  TRY(std::move(written));
  writer.end_array();
  return end;
}

}  // namespace

Result<RecordsPage> read_records_page(const Database& database, const RecordsRequest& request) {
  const ShardView view = TRY(view_shard(database, request.iterator));
  const LogPosition from = request.iterator.position;
  RecordsPage page;
  if (from + kManyRecords < view.bound() && request.limit > kManyRecords) {
    page.text.reserve(kTextBytes);
  }
  json::Writer writer(page.text);
  writer.begin_object();
  writer.key("Records");
  const PageEnd end = TRY(write_records(writer, database, view, from, request));
  // What was trimmed meanwhile would be missing.
  TRY(check_not_trimmed(view, from, TRY(database.engine.log_range(view.shard.partition))));
  // A closed shard that is read to its end has no next iterator.
  if (!view.shard.last || end.limited) {
    ShardIterator next = request.iterator;
    next.position = end.next;
    next.issued_milliseconds = database.clock.now_milliseconds();
    writer.member("NextShardIterator", write_shard_iterator(next, database.iterator_secret));
  }
  writer.end_object();
  page.worth_waiting = !view.shard.last && end.next == from;
  const ShardIterator& iterator = request.iterator;
  database.stream_readers.note(iterator.reader,
                               {iterator.partition, iterator.shard_first, end.next},
                               std::chrono::steady_clock::now());
  return page;
}

}  // namespace millrace::ops
