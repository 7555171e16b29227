#include "cli/trail/query.h"

#include <thread>

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "cli/trail/rows.h"
#include "json/writer.h"

namespace millrace::cli::trail {
namespace {

constexpr auto kPauseMin = std::chrono::milliseconds(20);
constexpr auto kPauseMax = std::chrono::milliseconds(500);

Result<std::string> start(ServiceClient& client, const QueryOptions& options) {
  Call call{"StartQuery", "", kCloudTrailPrefix};
  json::Writer writer(call.body);
  writer.begin_object();
  writer.member("QueryStatement", options.statement);
  if (options.event_data_store) writer.member("EventDataStore", *options.event_data_store);
  writer.end_object();
  const auto answer = TRY(client.call(call));
  return text_of(root_of(answer), "QueryId");
}

Result<json::Document> results(ServiceClient& client, const std::string& query_id,
                               const std::string& token) {
  Call call{"GetQueryResults", "", kCloudTrailPrefix};
  json::Writer writer(call.body);
  writer.begin_object();
  writer.member("QueryId", query_id);
  if (!token.empty()) writer.member("NextToken", token);
  writer.end_object();
  return client.call(call);
}

Result<json::Document> first_results(ServiceClient& client, const std::string& query_id) {
  auto pause = kPauseMin;
  while (true) {
    auto answer = TRY(results(client, query_id, ""));
    const std::string status = text_of(root_of(answer), "QueryStatus");
    if (status == "FINISHED") return answer;
    if (status != "QUEUED" && status != "RUNNING") {
      const std::string message = text_of(root_of(answer), "ErrorMessage");
      return Error{
          ErrorCode::kInvalidQueryStatusException,
          fmt::format("the query is {}{}{}", status, message.empty() ? "" : ": ", message)};
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kPauseMax);
  }
}

}  // namespace

Result<std::string> query_text(ServiceClient& client, const QueryOptions& options) {
  const std::string query_id = TRY(start(client, options));
  QueryRows rows;
  json::Document page = TRY(first_results(client, query_id));
  while (true) {
    rows.add(root_of(page));
    const std::string token = text_of(root_of(page), "NextToken");
    if (token.empty()) break;
    page = TRY(results(client, query_id, token));
  }
  switch (options.format) {
    case RowFormat::kJson:
      return rows.json();
    case RowFormat::kCsv:
      return rows.csv();
    case RowFormat::kTable:
      return rows.table();
  }
  return rows.table();
}

}  // namespace millrace::cli::trail
