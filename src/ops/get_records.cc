#include "ops/get_records.h"

#include <algorithm>
#include <charconv>
#include <chrono>

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
constexpr int64_t kWaitMillisecondsMax = 20'000;

using streams::ShardIterator;

// What a request asks for, read from it once: its iterator may become too old while it waits.
struct RecordsRequest {
  ShardIterator iterator;
  size_t limit;
};

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

Result<RecordsRequest> read_request(const Call& call) {
  const auto limit = TRY(read_limit(call.input, kPageRecords));
  return RecordsRequest{TRY(read_iterator(call)), limit};
}

Result<std::chrono::milliseconds> read_wait(std::string_view text) {
  int64_t milliseconds = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, milliseconds);
  if (!text.empty() && (error != std::errc() || stopped != end || milliseconds < 0 ||
                        milliseconds > kWaitMillisecondsMax)) {
    return validation_error(
        fmt::format("Value '{}' of the header x-millrace-wait-ms is not an integer from 0 to {}",
                    text, kWaitMillisecondsMax));
  }
  return std::chrono::milliseconds(milliseconds);
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

struct ShardView {
  catalog::StreamPointer stream;
  catalog::Shard shard;
  engine::LogPosition bound = 0;  // its records lie below
};

Result<ShardView> view_shard(const Database& database, const ShardIterator& iterator) {
  // The end of the log first, the shard after it: were the shard closed in between, what lies below
  // that end would still be the shard's.
  const auto log = TRY(database.engine.log_range(iterator.partition));
  auto stream = TRY(find_stream(database, iterator.stream_arn));
  auto shard = TRY(find_shard(*stream, iterator));
  // Behind the end of a closed shard there was never anything.
  const bool may_have_had = !shard.last || iterator.position <= *shard.last;
  if (may_have_had && iterator.position < log.first) {
    return Error{ErrorCode::kTrimmedDataAccessException,
                 "The operation attempted to read past the oldest stream record in a shard"};
  }
  const auto bound = shard.last ? std::min(*shard.last + 1, log.next) : log.next;
  return ShardView{std::move(stream), std::move(shard), bound};
}

// Writes the array of the records from `from` on.
Result<PageEnd> write_records(json::Writer& writer, const Database& database, const ShardView& view,
                              engine::LogPosition from, size_t records_max) {
  PageEnd end{from, false};
  size_t records = 0;
  size_t bytes = 0;
  Status written = Done{};
  const std::string& region = database.catalog.site().region;
  auto visit = [&](engine::LogPosition position, ByteView value) {
    if (position >= view.bound) return false;
    auto record = streams::decode_change_record(value);
    if (!record) {
      written = internal_error("a stored change record cannot be read");
      return false;
    }
    bytes += size_bytes(*record);
    end.limited = records == records_max || (records > 0 && bytes > kPageBytes);
    if (end.limited) return false;
    written = write_record(writer, *record, {*view.stream, view.shard, position}, region);
    end.next = position + 1;
    ++records;
    return written.ok();
  };
  writer.begin_array();
  if (from < view.bound) TRY(database.engine.read_log(view.shard.partition, from, visit));
  TRY(std::move(written));
  writer.end_array();
  return end;
}

struct Page {
  std::string text;            // the response
  bool worth_waiting = false;  // there is no record, but there may be one later
};

Result<Page> read_page(const Database& database, const RecordsRequest& request) {
  const ShardView view = TRY(view_shard(database, request.iterator));
  Page page;
  json::Writer writer(page.text);
  writer.begin_object();
  writer.key("Records");
  const engine::LogPosition from = request.iterator.position;
  const PageEnd end = TRY(write_records(writer, database, view, from, request.limit));
  // A closed shard that is read to its end has no next iterator.
  if (!view.shard.last || end.limited) {
    ShardIterator next = request.iterator;
    next.position = end.next;
    next.issued_milliseconds = database.clock.now_milliseconds();
    writer.member("NextShardIterator", write_shard_iterator(next, database.iterator_secret));
  }
  writer.end_object();
  page.worth_waiting = !view.shard.last && end.next == from;
  database.stream_readers.note(request.iterator.reader,
                               {request.iterator.partition, request.iterator.shard_first, end.next},
                               std::chrono::steady_clock::now());
  return page;
}

// A request that waits until its page is worth answering. Kept alive by its wait.
class WaitingRequest : public std::enable_shared_from_this<WaitingRequest> {
 public:
  WaitingRequest(Database& database, RecordsRequest request, std::chrono::milliseconds wait,
                 Reply reply)
      : database_(database),
        request_(std::move(request)),
        deadline_(std::chrono::steady_clock::now() + wait),
        reply_(std::move(reply)) {}

  void look(WaitEnd end) {
    const uint64_t changes = database_.record_waits.changes();
    auto page = read_page(database_, request_);
    if (!page.ok()) return reply_(std::move(page).error());
    if (end == WaitEnd::kOver || !page->worth_waiting) return reply_(std::move(page->text));
    database_.record_waits.wait(
        request_.iterator.partition, request_.iterator.position, changes, deadline_,
        [self = shared_from_this()](WaitEnd wait_end) { self->look(wait_end); });
  }

 private:
  Database& database_;
  const RecordsRequest request_;
  const RecordWaits::SteadyTime deadline_;
  const Reply reply_;
};

}  // namespace

void get_records(const Call& call, Reply reply) {
  const auto wait = read_wait(call.wait_milliseconds);
  if (!wait.ok()) return reply(wait.error());
  auto request = read_request(call);
  if (!request.ok()) return reply(std::move(request).error());
  if (wait->count() == 0) {
    auto page = read_page(call.database, *request);
    if (!page.ok()) return reply(std::move(page).error());
    return reply(std::move(page->text));
  }
  std::make_shared<WaitingRequest>(call.database, std::move(*request), *wait, std::move(reply))
      ->look(WaitEnd::kLook);
}

}  // namespace millrace::ops
