#include "cli/trigger/log_reader.h"

#include <algorithm>

#include "cli/client/answer.h"
#include "cli/resources/resource.h"

namespace millrace::cli::trigger {

namespace {

using resources::Node;

// How much later than one of the same time an event may come.
constexpr int64_t kLookBackMilliseconds = 5000;

}  // namespace

Result<std::vector<LogEvent>> LogReader::read() {
  std::vector<LogEvent> events;
  std::string token;
  do {
    auto next = read_page(token, events);
    if (!next.ok()) {
      if (next.error().code == ErrorCode::kResourceNotFoundException) break;
      return next.error();
    }
    token = std::move(*next);
  } while (!token.empty());
  std::ranges::stable_sort(events, {}, &LogEvent::milliseconds);
  forget_old();
  return events;
}

Result<std::string> LogReader::read_page(const std::string& token, std::vector<LogEvent>& events) {
  Node body = Node::map();
  body.set("logGroupName", Node::of_text(group_));
  body.set("startTime", Node::of_integer(start_));
  if (!token.empty()) body.set("nextToken", Node::of_text(token));
  const auto answer = TRY(client_.call(resources::call_of("FilterLogEvents", body, kLogsPrefix)));
  const json::Object root = root_of(answer);
  for (const json::Object event : objects_of(root, "events")) {
    LogEvent read{find_integer(event, "timestamp").value_or(0), text_of(event, "logStreamName"),
                  text_of(event, "eventId"), text_of(event, "message")};
    if (!told_.emplace(read.milliseconds, read.id).second) continue;
    newest_ = std::max(newest_, read.milliseconds);
    events.push_back(std::move(read));
  }
  return text_of(root, "nextToken");
}

void LogReader::forget_old() {
  start_ = std::max(start_, newest_ - kLookBackMilliseconds);
  told_.erase(told_.begin(), told_.lower_bound({start_, std::string()}));
}

}  // namespace millrace::cli::trigger
