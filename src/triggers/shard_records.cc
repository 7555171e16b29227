#include "triggers/shard_records.h"

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "json/writer.h"
#include "streams/change_record.h"

namespace millrace::triggers {
namespace {

using engine::LogPosition;

// Looked at in one go: filters and shares may leave next to nothing of very many.
constexpr size_t kLooksMax = 10'000;

struct ShardView {
  catalog::StreamPointer stream;
  const catalog::Shard* shard = nullptr;
  engine::LogRange log;

  // Its records lie below.
  [[nodiscard]] LogPosition bound() const {
    return shard->last ? std::min(*shard->last + 1, log.next) : log.next;
  }
};

ShardView find_shard(const ops::Database& database, const ShardRequest& request) {
  ShardView view;
  const auto arn = catalog::parse_stream_arn(request.stream_arn);
  if (arn) view.stream = database.catalog.find_stream(arn->table_name, arn->stream_label);
  if (!view.stream) return view;
  for (const catalog::Shard& shard : view.stream->shards) {
    if (shard.id == request.shard_id) view.shard = &shard;
  }
  return view;
}

// The end of the log is read before the shard is looked up: an open shard that is closed in between
// has all below that end.
Result<ShardView> view_shard(const ops::Database& database, const ShardRequest& request) {
  ShardView view = find_shard(database, request);
  if (view.shard == nullptr) return view;
  const auto log = TRY(database.engine.log_range(view.shard->partition));
  view = find_shard(database, request);
  if (view.shard == nullptr) return view;
  // All of a closed shard is in its log, but perhaps more than was there a moment ago.
  view.log = view.shard->last ? TRY(database.engine.log_range(view.shard->partition)) : log;
  return view;
}

bool is_of_lane(ByteView keys, const LaneShare& share) {
  return share.count == 1 || XXH3_64bits(keys.data(), keys.size()) % share.count == share.index;
}

Result<bool> passes(const ShardRequest& request, ByteView json) {
  if (!request.filter) return true;
  const auto document = json::Document::parse(json);
  if (!document.ok()) return internal_error("a record's text is not JSON");
  return request.filter(document->root());
}

// Takes records off the log until something is enough.
class Reading {
 public:
  Reading(const ops::Database& database, const ShardRequest& request, const ShardView& view,
          ShardRead& read)
      : database_(database), request_(request), view_(view), read_(read) {}

  // Whether there is room for more after this one.
  Result<bool> visit(LogPosition position, ByteView value) {
    auto record = streams::decode_change_record(value);
    if (!record) return internal_error("a stored change record cannot be read");
    if (is_of_lane(record->keys, request_.share)) {
      Bytes json;
      json::Writer writer(json);
      TRY(streams::write_record(writer, *record, {*view_.stream, *view_.shard, position},
                                database_.catalog.site().region,
                                {.event_source_arn = request_.stream_arn}));
      if (TRY(passes(request_, json))) {
        bytes_ += json.size() + 1;
        const bool is_first = read_.records.empty() && request_.takes_oversized;
        if (bytes_ > request_.bytes_max && !is_first) {
          read_.end = ShardEnd::kFull;
          return false;
        }
        read_.records.push_back({position, record->created_milliseconds, std::move(json)});
      }
    }
    read_.next = position + 1;
    return ++looks_ < kLooksMax && read_.records.size() < request_.records_max;
  }

 private:
  const ops::Database& database_;
  const ShardRequest& request_;
  const ShardView& view_;
  ShardRead& read_;
  size_t bytes_ = 0;
  size_t looks_ = 0;
};

}  // namespace

Result<ShardRead> read_shard(const ops::Database& database, const ShardRequest& request) {
  ShardRead read;
  read.next = request.from;
  const ShardView view = TRY(view_shard(database, request));
  if (view.shard == nullptr) {
    read.end = ShardEnd::kClosed;
    return read;
  }
  const LogPosition bound = std::min(view.bound(), request.before);
  const LogPosition first = std::min(view.log.first, view.bound());
  if (first > read.next) {
    read.lost_positions = first - read.next;
    read.next = first;
  }
  Reading reading(database, request, view, read);
  Status status = Done{};
  bool reached_bound = true;
  if (read.next < bound && request.records_max > 0) {
    TRY(database.engine.read_log(view.shard->partition, read.next,
                                 [&](LogPosition position, ByteView value) {
                                   if (position >= bound) return false;
                                   auto more = reading.visit(position, value);
                                   if (!more.ok()) {
                                     status = std::move(more).error();
                                     return false;
                                   }
                                   reached_bound = *more;
                                   return *more;
                                 }));
  }
  TRY(std::move(status));
  if (!reached_bound && read.next < bound) return read;
  read.next = std::max(read.next, bound);
  if (bound == request.before && bound < view.bound()) return read;
  read.end = view.shard->last ? ShardEnd::kClosed : ShardEnd::kCaughtUp;
  return read;
}

Result<std::optional<int64_t>> created_milliseconds(const ops::Database& database,
                                                    engine::PartitionId partition,
                                                    LogPosition from) {
  std::optional<int64_t> created;
  TRY(database.engine.read_log(partition, from, [&](LogPosition, ByteView value) {
    const auto record = streams::decode_change_record(value);
    if (record) created = record->created_milliseconds;
    return false;
  }));
  return created;
}

}  // namespace millrace::triggers
