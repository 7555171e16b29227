#include "cli/trigger/logs.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "base/timestamp.h"
#include "cli/resources/lambda_calls.h"
#include "cli/trigger/log_reader.h"
#include "cli/trigger/targets.h"
#include "json/writer.h"

namespace millrace::cli::trigger {

namespace {

using resources::Node;

constexpr auto kPeriod = std::chrono::milliseconds(300);
constexpr auto kOutagePeriod = std::chrono::seconds(1);

struct Source {
  std::string function;
  LogReader reader;
};

Result<std::string> group_of(ServiceClient& client, const std::string& function) {
  const auto found = TRY(resources::find_function(client, function));
  const Node* configuration = found ? found->find("Configuration") : nullptr;
  const Node* logging = configuration == nullptr ? nullptr : configuration->find("LoggingConfig");
  const std::string group =
      logging == nullptr || !logging->is_map() ? "" : logging->text_of("LogGroup");
  return group.empty() ? "/aws/lambda/" + function : group;
}

Result<std::vector<Source>> find_sources(ServiceClient& client, const LogOptions& options) {
  std::set<std::string> functions;
  if (TRY(resources::find_function(client, options.target))) {
    functions.insert(unqualified(resources::function_of_arn(options.target)));
  } else {
    for (const Trigger& trigger : TRY(find_triggers(client, options.target))) {
      functions.insert(unqualified(trigger.function));
    }
  }
  std::vector<Source> sources;
  for (const std::string& function : functions) {
    sources.push_back(
        {function, LogReader(client, TRY(group_of(client, function)), options.since_milliseconds)});
  }
  return sources;
}

struct Line {
  int64_t milliseconds;
  std::string text;
};

std::string json_line(const std::string& function, const LogEvent& event) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("function", function);
  writer.member("timestamp", event.milliseconds);
  writer.member("logStreamName", event.stream);
  writer.member("eventId", event.id);
  writer.member("message", event.message);
  writer.end_object();
  return out;
}

std::string line_of(const std::string& function, bool names_function, bool as_json,
                    const LogEvent& event) {
  if (as_json) return json_line(function, event);
  std::string_view message = event.message;
  while (message.ends_with('\n') || message.ends_with('\r')) message.remove_suffix(1);
  return fmt::format("{}Z {}{}{}", iso8601_milliseconds(event.milliseconds),
                     names_function ? function : "", names_function ? ": " : "", message);
}

Status read_round(std::vector<Source>& sources, bool as_json, std::vector<Line>& lines) {
  for (Source& source : sources) {
    for (const LogEvent& event : TRY(source.reader.read())) {
      lines.push_back(
          {event.milliseconds, line_of(source.function, sources.size() > 1, as_json, event)});
    }
  }
  return Done{};
}

// Whether there is still somebody to read it.
bool print(std::vector<Line>& lines) {
  std::ranges::stable_sort(lines, {}, &Line::milliseconds);
  for (const Line& line : lines) {
    std::fwrite(line.text.data(), 1, line.text.size(), stdout);
    std::fputc('\n', stdout);
  }
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

}  // namespace

Status print_logs(ServiceClient& client, const LogOptions& options) {
  auto sources = TRY(find_sources(client, options));
  std::signal(SIGPIPE, SIG_IGN);
  bool is_outage_told = false;
  while (true) {
    std::vector<Line> lines;
    Status status = read_round(sources, options.as_json, lines);
    const bool is_read = print(lines);
    if (!is_read) return Done{};
    if (!options.follow) return status;
    if (!status.ok()) {
      if (!is_transient(status.error())) return status;
      if (!is_outage_told)
        fmt::print(stderr, "millrace: {}; trying again\n", status.error().message);
      std::this_thread::sleep_for(kOutagePeriod);
    }
    is_outage_told = !status.ok();
    std::this_thread::sleep_for(kPeriod);
  }
}

}  // namespace millrace::cli::trigger
