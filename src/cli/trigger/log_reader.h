// The events of a log group, page after page, each once.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/client/service_client.h"

namespace millrace::cli::trigger {

struct LogEvent {
  int64_t milliseconds = 0;
  std::string stream;
  std::string id;
  std::string message;
};

// Follows one log group. Events are found by their times, which need not rise: it looks again at
// those of the last seconds, and tells of none twice.
class LogReader {
 public:
  // `client` must outlive it.
  LogReader(ServiceClient& client, std::string group, int64_t since_milliseconds)
      : client_(client), group_(std::move(group)), start_(since_milliseconds) {}

  // All that came since the last time. A group that is not there yet has none.
  Result<std::vector<LogEvent>> read();

 private:
  // To `events` what is new on the page; the token of the next page, empty at the end.
  Result<std::string> read_page(const std::string& token, std::vector<LogEvent>& events);
  void forget_old();

  ServiceClient& client_;
  const std::string group_;
  int64_t start_;
  int64_t newest_ = 0;
  std::set<std::pair<int64_t, std::string>> told_;  // times and ids from start_ on
};

}  // namespace millrace::cli::trigger
