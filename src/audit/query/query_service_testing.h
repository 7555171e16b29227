// A service over a spool in memory, whose operations are called as the front end calls them.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "api/validate.h"
#include "audit/query/query_service.h"
#include "audit/query/tables_testing.h"
#include "audit/spool.h"
#include "engine/temporary_directory_testing.h"
#include "json/writer.h"

namespace millrace::audit::query {

class TestService {
 public:
  static constexpr int64_t kNow = 1'795'000'000'000;  // 2026-11-18T06:26:40Z

  explicit TestService(AuditSettings settings = {}) : settings_(std::move(settings)) {
    settings_.directory = directory_.path() + "/audit";
    spool_ = Spool::open(tables_.engine(), clock_, random_, coverage_, settings_).value();
    open();
  }
  ~TestService() {
    close();
    spool_->stop();
  }
  TestService(const TestService&) = delete;
  TestService& operator=(const TestService&) = delete;

  void open() {
    service_ = QueryService::open({*spool_, coverage_, tables_.engine(), tables_.catalog(),
                                   tables_.catalog().site(), clock_, random_, settings_})
                   .value();
    operations_ = service_->cloudtrail_operations();
    for (auto& operation : service_->millrace_operations()) operations_.push_back(operation);
    service_->start();
  }
  void close() { service_.reset(); }

  // The next event, a second after the one before.
  Event event(const std::string& name, Category category) {
    clock_.advance_microseconds(1'000'000);
    Event event;
    event.time_milliseconds = clock_.now_milliseconds();
    event.event_id = "event-" + std::to_string(++events_);
    event.category = category;
    event.event_source = "dynamodb.amazonaws.com";
    event.event_name = name;
    event.api_version = "2012-08-10";
    event.request_id = "request-" + std::to_string(events_);
    event.identity.access_key_id = "AKIDALICE";
    event.connection.source_address = "192.0.2.7";
    event.connection.user_agent = "test";
    event.resources = {
        {"AWS::DynamoDB::Table", "arn:aws:dynamodb:us-east-1:000000000000:table/Music"}};
    return event;
  }
  void record(const std::string& name, Category category = Category::kManagement) {
    spool_->append(event(name, category));
  }
  void record(Event event) { spool_->append(std::move(event)); }

  Result<std::string> call(std::string_view name, const std::string& input) {
    for (const api::JsonOperation& operation : operations_) {
      if (operation.name != name) continue;
      const auto document = json::Document::parse(input);
      const char* model = name == "FindItemEvents" ? "millrace" : "cloudtrail";
      const api::Shape& shape = *api::find_shape(model, operation.input);
      TRY(api::check_types(shape, document->root()));
      TRY(api::check_constraints(shape, document->root()));
      std::promise<Result<std::string>> answer;
      operation.run({json::Object(document->root()), {}, {}, {}},
                    [&](Result<std::string> result) { answer.set_value(std::move(result)); });
      return answer.get_future().get();
    }
    return internal_error("no such operation");
  }
  // The text of a member of the answer's root; the error's name when there is one.
  std::string text(std::string_view name, const std::string& input, std::string_view member) {
    const auto answer = call(name, input);
    if (!answer.ok()) return std::string(error_name(answer.error().code));
    const auto document = json::Document::parse(*answer);
    std::string_view found;
    if (document->root().at_key(member).get(found) != simdjson::SUCCESS) return "";
    return std::string(found);
  }
  // The values of a member of the elements of a list.
  std::vector<std::string> texts(const Result<std::string>& answer, std::string_view list,
                                 std::string_view member) {
    if (!answer.ok()) return {std::string(error_name(answer.error().code))};
    const auto document = json::Document::parse(*answer);
    std::vector<std::string> found;
    json::Array array;
    if (document->root().at_key(list).get(array) != simdjson::SUCCESS) return {"no list"};
    for (const json::Element element : array) {
      std::string_view value;
      found.emplace_back(element.at_key(member).get(value) == simdjson::SUCCESS ? value : "-");
    }
    return found;
  }
  // Of a statement, its rows as JSON text; or its status or error.
  std::string rows(const std::string& statement, const std::string& more = "") {
    std::string request;
    json::Writer writer(request);
    writer.begin_object();
    writer.member("QueryStatement", statement);
    writer.end_object();
    if (!more.empty()) request.insert(request.size() - 1, "," + more);
    const auto started = call("StartQuery", request);
    if (!started.ok()) return started.error().message;
    const std::string results = results_of(*started);
    const auto document = json::Document::parse(results);
    std::string_view error;
    if (document->root().at_key("ErrorMessage").get(error) == simdjson::SUCCESS) {
      return std::string(error);
    }
    std::string_view status;
    if (document->root().at_key("QueryStatus").get(status) != simdjson::SUCCESS) return "?";
    if (status != "FINISHED") return std::string(status);
    return simdjson::minify(document->root().at_key("QueryResultRows").value_unsafe());
  }
  // Waits for its end. `started`: {"QueryId":…}.
  std::string results_of(const std::string& started) {
    while (true) {
      auto results = call("GetQueryResults", started);
      if (!results.ok()) return R"({"ErrorMessage":"gone"})";
      if (results->find("RUNNING") == std::string::npos &&
          results->find("QUEUED") == std::string::npos) {
        return *results;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

  [[nodiscard]] std::string index_path() const { return settings_.directory + "/index.db"; }
  Spool& spool() { return *spool_; }
  Coverage& coverage() { return coverage_; }
  QueryService& service() { return *service_; }
  ManualClock& clock() { return clock_; }

 private:
  engine::TemporaryDirectory directory_;
  TestTables tables_;
  AuditSettings settings_;
  ManualClock clock_{kNow * 1000};
  Random random_{7};
  Coverage coverage_;
  std::shared_ptr<Spool> spool_;
  std::unique_ptr<QueryService> service_;
  std::vector<api::JsonOperation> operations_;
  int events_ = 0;
};

}  // namespace millrace::audit::query
