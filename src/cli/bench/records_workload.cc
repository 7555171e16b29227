#include "cli/bench/records_workload.h"

#include <cstring>

#include "http/client.h"
#include "json/document.h"

namespace millrace::cli::bench {

namespace {

constexpr std::chrono::seconds kTimeout{30};
constexpr std::string_view kRecordBegin = R"({"eventID":)";
constexpr std::string_view kNextIterator = R"("NextShardIterator":")";

Result<json::Document> exchange(http::Client& client, CallSigner& signer, const Call& call) {
  const http::Response response = TRY(client.send(signer.request(call)));
  const std::string failure = failure_of(call, {.status = response.status, .body = response.body});
  if (failure.empty()) return json::Document::parse(response.body);
  return Error{ErrorCode::kServiceUnavailableException,
               std::string(call.operation) + " failed with " + failure + ": " + response.body};
}

std::string body_of(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object();
  for (const auto& [name, value] : members) writer.member(name, value);
  writer.end_object();
  return body;
}

Result<std::string> string_at(const json::Document& document, std::string_view pointer) {
  std::string_view text;
  if (document.root().at_pointer(pointer).get(text) == simdjson::SUCCESS) return std::string(text);
  return Error{ErrorCode::kServiceUnavailableException,
               "the answer has no " + std::string(pointer) + ": the table has no stream"};
}

// Not by parsing: the generator shares the machine with the server.
uint64_t count_records(std::string_view body) {
  uint64_t count = 0;
  while (const void* found =
             memmem(body.data(), body.size(), kRecordBegin.data(), kRecordBegin.size())) {
    ++count;
    body.remove_prefix(static_cast<size_t>(static_cast<const char*>(found) - body.data()) +
                       kRecordBegin.size());
  }
  return count;
}

}  // namespace

Result<std::string> stream_iterator(const Endpoint& endpoint, CallSigner& signer,
                                    const std::string& table, std::string_view type) {
  http::Client client(endpoint.address, endpoint.port, kTimeout);
  const auto described = TRY(exchange(
      client, signer, {"DescribeTable", body_of({{"TableName", table}}), kDynamoDbPrefix}));
  const std::string arn = TRY(string_at(described, "/Table/LatestStreamArn"));
  const auto stream = TRY(
      exchange(client, signer, {"DescribeStream", body_of({{"StreamArn", arn}}), kStreamsPrefix}));
  const std::string shard = TRY(string_at(stream, "/StreamDescription/Shards/0/ShardId"));
  const auto iterator =
      TRY(exchange(client, signer,
                   {"GetShardIterator",
                    body_of({{"StreamArn", arn}, {"ShardId", shard}, {"ShardIteratorType", type}}),
                    kStreamsPrefix}));
  return string_at(iterator, "/ShardIterator");
}

bool RecordsExchange::next(SteadyTime now, Call& call) {
  const bool is_over = options_.requests
                           ? counter_.fetch_add(1, std::memory_order_relaxed) >= *options_.requests
                           : now >= deadline_;
  if (is_over) return false;
  std::string iterator = start_;
  if (!iterators_.empty()) {
    iterator = std::move(iterators_.back());
    iterators_.pop_back();
  }
  call.operation = "GetRecords";
  call.target_prefix = kStreamsPrefix;
  call.body = body_of({{"ShardIterator", iterator}});
  return true;
}

void RecordsExchange::answered(const Call& call, const Answer& answer,
                               std::chrono::nanoseconds latency) {
  TalliedExchange::answered(call, answer, latency);
  if (answer.status != 200) return;
  const uint64_t records = count_records(answer.body);
  tally_.records += records;
  const size_t at = answer.body.rfind(kNextIterator);
  if (records == 0 || at == std::string_view::npos) return;
  std::string_view iterator = answer.body.substr(at + kNextIterator.size());
  iterators_.emplace_back(iterator.substr(0, iterator.find('"')));
}

}  // namespace millrace::cli::bench
