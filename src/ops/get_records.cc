#include "ops/get_records.h"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "ops/input.h"
#include "ops/records_page.h"
#include "ops/stream_request.h"

namespace millrace::ops {
namespace {

constexpr int64_t kWaitMillisecondsMax = 20'000;

Result<streams::ShardIterator> read_iterator(const Call& call) {
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

// Once: an iterator may become too old while its request waits.
Result<RecordsRequest> read_request(const Call& call, const streams::RecordForm& form) {
  const auto limit = TRY(read_limit(call.input, kPageRecordsMax));
  return RecordsRequest{TRY(read_iterator(call)), limit, form};
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
    auto page = read_records_page(database_, request_);
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

void answer(const Call& call, const streams::RecordForm& form, Reply reply) {
  const auto wait = read_wait(call.wait_milliseconds);
  if (!wait.ok()) return reply(wait.error());
  auto request = read_request(call, form);
  if (!request.ok()) return reply(std::move(request).error());
  if (wait->count() == 0) {
    auto page = read_records_page(call.database, *request);
    if (!page.ok()) return reply(std::move(page).error());
    return reply(std::move(page->text));
  }
  std::make_shared<WaitingRequest>(call.database, std::move(*request), *wait, std::move(reply))
      ->look(WaitEnd::kLook);
}

}  // namespace

void get_records(const Call& call, Reply reply) {
  answer(call, {}, std::move(reply));
}

void get_stream_records(const Call& call, Reply reply) {
  answer(call, {.request_id = true}, std::move(reply));
}

}  // namespace millrace::ops
