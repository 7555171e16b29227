#include "triggers/batch.h"

#include <iterator>

#include "base/check.h"
#include "base/timestamp.h"
#include "json/writer.h"
#include "streams/sequence_number.h"

namespace millrace::triggers {
namespace {

std::string window_time(int64_t milliseconds) {
  return iso8601_milliseconds(milliseconds)
             .substr(0, std::string_view("2026-01-02T03:04:05").size()) +
         "Z";
}

void write_window(json::Writer& writer, const Batch& batch, const EventSource& source,
                  const Window& window) {
  writer.key("window");
  writer.begin_object();
  writer.member("start", window_time(window.start_milliseconds));
  writer.member("end", window_time(window.end_milliseconds));
  writer.end_object();
  writer.key("state");
  writer.raw(window.state);
  writer.member("shardId", source.shard_id);
  writer.member("eventSourceARN", source.stream_arn);
  writer.member("isFinalInvokeForWindow", batch.ends_window());
  writer.member("isWindowTerminatedEarly", batch.ends_window() && window.terminated_early);
}

}  // namespace

Window window_at(int64_t created_milliseconds, int64_t window_seconds) {
  const int64_t length = window_seconds * 1000;
  const int64_t start = created_milliseconds - created_milliseconds % length;
  return {start, start + length};
}

Batch split_off(Batch& batch, size_t at) {
  MILLRACE_CHECK(at <= batch.records.size());
  const auto first = batch.records.begin() + static_cast<std::ptrdiff_t>(at);
  Batch rest{{std::move_iterator(first), std::move_iterator(batch.records.end())}, batch.retries};
  batch.records.resize(at);
  return rest;
}

Bytes event_of(const Batch& batch, const EventSource& source, const Window* window) {
  size_t size = kEventFrameBytes;
  for (const EventRecord& record : batch.records) size += record.json.size() + 1;
  if (window != nullptr) size += window->state.size();
  Bytes event;
  event.reserve(size);
  json::Writer writer(event);
  writer.begin_object();
  writer.key("Records");
  writer.begin_array();
  for (const EventRecord& record : batch.records) writer.raw(record.json);
  writer.end_array();
  if (window != nullptr) write_window(writer, batch, source, *window);
  writer.end_object();
  return event;
}

void describe(const Batch& batch, const EventSource& source, const Window* window,
              FailedBatch& failed) {
  failed.stream_arn = source.stream_arn;
  failed.shard_id = source.shard_id;
  failed.batch_size = static_cast<int64_t>(batch.records.size());
  if (!batch.records.empty()) {
    const EventRecord& first = batch.records.front();
    const EventRecord& last = batch.records.back();
    failed.start_sequence_number = streams::format_sequence_number(first.position);
    failed.end_sequence_number = streams::format_sequence_number(last.position);
    failed.first_record_milliseconds = first.created_milliseconds;
    failed.last_record_milliseconds = last.created_milliseconds;
  }
  failed.payload = event_of(batch, source, window);
}

}  // namespace millrace::triggers
