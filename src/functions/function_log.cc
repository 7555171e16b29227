#include "functions/function_log.h"

#include <algorithm>
#include <simdjson.h>

#include <boost/asio/post.hpp>

#include "base/log.h"

namespace millrace::functions {
namespace {

constexpr size_t kLineBytesMax = 256 * 1024;
constexpr size_t kBacklogBytesMax = 2 * 1024 * 1024;
constexpr size_t kTailBytes = 4 * 1024;
// CloudWatch Logs counts this much for an event itself.
constexpr size_t kEventBytes = 26;
constexpr std::string_view kReplacementCharacter = "\xef\xbf\xbd";

// The text with what is not UTF-8 replaced.
std::string to_utf8(std::string text) {
  if (simdjson::validate_utf8(text)) return text;
  std::string out;
  for (size_t i = 0; i < text.size();) {
    size_t size = 1;
    while (size <= 4 && i + size <= text.size() && !simdjson::validate_utf8(&text[i], size)) ++size;
    const bool good = size <= 4 && i + size <= text.size();
    out += good ? std::string_view(text).substr(i, size) : kReplacementCharacter;
    i += good ? size : 1;
  }
  return out;
}

}  // namespace

FunctionLog::FunctionLog(EventLoopPointer loop, FunctionLogSink& sink, const Clock& clock,
                         std::shared_ptr<size_t> busy_logs, Place place)
    : loop_(std::move(loop)),
      sink_(sink),
      clock_(clock),
      busy_logs_(std::move(busy_logs)),
      place_(std::move(place)) {}

void FunctionLog::write_output(ByteView bytes) {
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    const ByteView part = bytes.substr(0, end);
    if (!skipping_) {
      partial_line_ += part.substr(0, kLineBytesMax - partial_line_.size());
      if (partial_line_.size() == kLineBytesMax) {
        end_partial_line();
        skipping_ = true;
      }
    }
    if (end == ByteView::npos) return;
    // An empty line is a line, the rest of a cut one is none.
    if (!skipping_) add(std::move(partial_line_));
    partial_line_.clear();
    skipping_ = false;
    bytes.remove_prefix(end + 1);
  }
}

void FunctionLog::end_partial_line() {
  if (!partial_line_.empty()) add(std::move(partial_line_));
  partial_line_.clear();
}

void FunctionLog::write_line(std::string line) {
  end_partial_line();
  skipping_ = false;
  add(std::move(line));
}

void FunctionLog::add(std::string message) {
  if (place_.carriage_returns_are_line_breaks) {
    std::replace(message.begin(), message.end(), '\r', '\n');
  }
  message = to_utf8(std::move(message)) + '\n';
  tail_ += message;
  if (tail_.size() > 4 * kTailBytes) tail_.erase(0, tail_.size() - kTailBytes);
  queue_bytes_ += message.size() + kEventBytes;
  queue_.push_back({clock_.now_milliseconds(), std::move(message)});
  if (busy_) return;
  busy_ = true;
  ++*busy_logs_;
  // Once for all the lines of this turn of the loop.
  boost::asio::post(*loop_, [self = shared_from_this()] { self->append(); });
}

void FunctionLog::append() {
  appending_bytes_ = std::exchange(queue_bytes_, 0);
  std::vector<logs::LogEvent> events = std::move(queue_);
  queue_.clear();
  sink_.append(
      place_.group, place_.stream, std::move(events), [self = shared_from_this()](Status status) {
        EventLoop& loop = *self->loop_;
        boost::asio::post(loop, [self, status = std::move(status)] { self->on_appended(status); });
      });
}

void FunctionLog::on_appended(const Status& status) {
  const bool was_full = full();
  appending_bytes_ = 0;
  if (!status.ok() && !failed_) {
    log::error("the log of a function cannot be kept",
               {{"group", place_.group}, {"error", status.error().message}});
  }
  failed_ = !status.ok();
  if (queue_.empty()) {
    busy_ = false;
    --*busy_logs_;
  } else {
    append();
  }
  if (was_full && !full() && on_room_) on_room_();
}

bool FunctionLog::full() const {
  return queue_bytes_ + appending_bytes_ > kBacklogBytesMax;
}

std::string FunctionLog::tail() const {
  if (tail_.size() <= kTailBytes) return tail_;
  return tail_.substr(tail_.size() - kTailBytes);
}

}  // namespace millrace::functions
