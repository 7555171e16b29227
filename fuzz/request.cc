// Requests, a blank line between them: the operation's name in a line, then its JSON body. They run
// one after the other through the front end, over a database of its own with the tables and the
// item of kSetup. Every one is answered once, with 200 or a client's error, in JSON. `$Name`
// in a body stands for the last string that an answer had under that name, as in "$ShardIterator".
// In the end the index `global` holds what its table does.
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "engine/memory/memory_engine.h"
#include "jobs/expiry_sweep.h"
#include "jobs/index_backfill.h"
#include "json/document.h"
#include "wire/front_end.h"
#include "wire/service.h"

namespace millrace::wire {
namespace {

constexpr size_t kRequestsMax = 8;

constexpr std::string_view kSetup = R"(CreateTable
{"TableName": "table", "BillingMode": "PAY_PER_REQUEST",
 "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                          {"AttributeName": "sk", "AttributeType": "N"},
                          {"AttributeName": "n", "AttributeType": "N"},
                          {"AttributeName": "s", "AttributeType": "S"}],
 "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
               {"AttributeName": "sk", "KeyType": "RANGE"}],
 "LocalSecondaryIndexes": [
   {"IndexName": "local", "Projection": {"ProjectionType": "KEYS_ONLY"},
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                  {"AttributeName": "n", "KeyType": "RANGE"}]}],
 "GlobalSecondaryIndexes": [
   {"IndexName": "global", "Projection": {"ProjectionType": "ALL"},
    "KeySchema": [{"AttributeName": "s", "KeyType": "HASH"},
                  {"AttributeName": "n", "KeyType": "RANGE"}]}],
 "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}}

CreateTable
{"TableName": "simple", "BillingMode": "PAY_PER_REQUEST",
 "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "B"}],
 "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}

BatchWriteItem
{"RequestItems": {"table": [
  {"PutRequest": {"Item": {"pk": {"S": "a"}, "sk": {"N": "1"}, "n": {"N": "5"}, "l": {"L": [{"S": "x"}]},
                           "m": {"M": {"k": {"S": "v"}}}, "ss": {"SS": ["a", "b"]}}}},
  {"PutRequest": {"Item": {"pk": {"S": "a"}, "sk": {"N": "2"}, "s": {"S": "text"}, "n": {"N": "1"}}}},
  {"PutRequest": {"Item": {"pk": {"S": "b"}, "sk": {"N": "-1"}, "b": {"B": "AAE="}}}}],
 "simple": [{"PutRequest": {"Item": {"id": {"B": "AAE="}}}}]}})";

// The items with the keys of the index.
constexpr std::string_view kScanTable = R"json(Scan
{"TableName": "table", "Select": "COUNT",
 "FilterExpression": "attribute_exists(s) AND attribute_exists(n)"})json";
constexpr std::string_view kScanIndex = R"(Scan
{"TableName": "table", "IndexName": "global", "Select": "COUNT"})";

std::string_view next_part(std::string_view& input, std::string_view separator) {
  const size_t end = std::min(input.find(separator), input.size());
  const std::string_view part = input.substr(0, end);
  input.remove_prefix(std::min(end + separator.size(), input.size()));
  return part;
}

uint64_t count_of(const http::Response& answer) {
  const auto document = json::Document::parse(answer.body);
  return document->root()["Count"].get_uint64().value();
}

class Server {
 public:
  // Nothing when the operation is not known.
  std::optional<http::Response> send(std::string_view text) {
    const auto target = targets_.find(next_part(text, "\n"));
    if (target == targets_.end()) return std::nullopt;
    http::Request request;
    request.method = "POST";
    request.target = "/";
    request.headers = {{"X-Amz-Target", target->second}, {"Host", "localhost:8000"}};
    request.body = with_answers(text);
    std::optional<http::Response> answer;
    front_end_.handle(std::move(request), [&](http::Response response) {
      MILLRACE_CHECK(!answer);
      answer = std::move(response);
    });
    MILLRACE_CHECK(answer);
    MILLRACE_CHECK(answer->status == 200 || answer->status == 400);
    if (answer->body.empty()) return answer;
    const auto document = json::Document::parse(answer->body);
    MILLRACE_CHECK(document.ok());
    remember(document->root());
    return answer;
  }

  // What the server does by itself.
  void work() {
    while (jobs::backfill_step(*database_).value() == jobs::kAtOnce) continue;
    while (jobs::sweep_step(*database_, std::chrono::seconds(1)).value() == jobs::kAtOnce) continue;
  }

  void check_index() {
    const auto of_table = send(kScanTable);
    const auto of_index = send(kScanIndex);
    if (of_table->status != 200 || of_index->status != 200) return;
    MILLRACE_CHECK(count_of(*of_table) == count_of(*of_index));
  }

 private:
  void remember(json::Element element) {
    json::Array array;
    if (element.get(array) == simdjson::SUCCESS) {
      for (const json::Element member : array) remember(member);
    }
    json::Object object;
    if (element.get(object) != simdjson::SUCCESS) return;
    for (const auto& [name, member] : object) {
      std::string_view text;
      if (member.get(text) == simdjson::SUCCESS) answers_.insert_or_assign(std::string(name), text);
      remember(member);
    }
  }

  std::string with_answers(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
      const size_t dollar = std::min(text.find('$'), text.size());
      out += text.substr(0, dollar);
      text.remove_prefix(dollar);
      if (text.empty()) break;
      const std::string_view name = text.substr(1, std::min(text.find('"'), text.size()) - 1);
      const auto found = answers_.find(name);
      out += found == answers_.end() ? "$" : found->second;
      text.remove_prefix(found == answers_.end() ? 1 : 1 + name.size());
    }
    return out;
  }

  std::map<std::string, std::string, std::less<>> answers_;
  ManualClock clock_{1'700'000'000'000'000};
  Random random_{1};
  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(*engine_, {}).value();
  std::unique_ptr<ops::Database> database_ =
      ops::Database::open(*engine_, *catalog_, clock_, random_, random_).value();
  // "DynamoDB_20120810.PutItem" by "PutItem".
  std::map<std::string, std::string, std::less<>> targets_ = [this] {
    std::map<std::string, std::string, std::less<>> targets;
    for (const api::JsonService& service : database_services(*database_)) {
      for (const api::JsonOperation& operation : service.operations) {
        targets[operation.name] = service.target_prefix + "." + operation.name;
      }
    }
    return targets;
  }();
  FrontEnd front_end_{{}, random_, {.json_services = database_services(*database_)}};
};

}  // namespace
}  // namespace millrace::wire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace millrace::wire;
  Server server;
  for (std::string_view setup = kSetup; !setup.empty();) {
    MILLRACE_CHECK(server.send(next_part(setup, "\n\n"))->status == 200);
  }
  std::string_view input(reinterpret_cast<const char*>(data), size);
  // With these there may be another index of that name.
  const bool keeps_index = input.find("GlobalSecondaryIndex") == std::string_view::npos;
  for (size_t count = 0; count < kRequestsMax && !input.empty(); ++count) {
    server.send(next_part(input, "\n\n"));
    server.work();
  }
  if (keeps_index) server.check_index();
  return 0;
}
