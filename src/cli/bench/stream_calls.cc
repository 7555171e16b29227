#include "cli/bench/stream_calls.h"

#include <charconv>
#include <cstring>

#include "cli/bench/tally.h"
#include "http/client.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::cli::bench {

namespace {

constexpr std::chrono::seconds kTimeout{30};
constexpr std::string_view kRecordBegin = R"({"eventID":)";
constexpr std::string_view kKeyBegin = R"("Keys":{"id":{"S":"item-)";
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

// The rest of `text` behind the next `wanted`; nullopt when there is none.
std::optional<std::string_view> behind(std::string_view text, std::string_view wanted) {
  const void* found = memmem(text.data(), text.size(), wanted.data(), wanted.size());
  if (found == nullptr) return std::nullopt;
  const auto at = static_cast<size_t>(static_cast<const char*>(found) - text.data());
  return text.substr(at + wanted.size());
}

// Calls on the latest stream of one table.
class LatestStream {
 public:
  LatestStream(const Endpoint& endpoint, CallSigner& signer)
      : client_(endpoint.address, endpoint.port, kTimeout), signer_(signer) {}

  Status find(const std::string& table) {
    const auto described = TRY(exchange(
        client_, signer_, {"DescribeTable", body_of({{"TableName", table}}), kDynamoDbPrefix}));
    arn_ = TRY(string_at(described, "/Table/LatestStreamArn"));
    return Done{};
  }

  // A page of the shards behind `start`, from the first when it is empty.
  Result<json::Document> shards(const std::string& start) {
    std::string body = start.empty()
                           ? body_of({{"StreamArn", arn_}})
                           : body_of({{"StreamArn", arn_}, {"ExclusiveStartShardId", start}});
    return exchange(client_, signer_, {"DescribeStream", std::move(body), kStreamsPrefix});
  }

  Result<std::string> iterator(std::string_view shard, std::string_view type) {
    const auto iterator = TRY(
        exchange(client_, signer_,
                 {"GetShardIterator",
                  body_of({{"StreamArn", arn_}, {"ShardId", shard}, {"ShardIteratorType", type}}),
                  kStreamsPrefix}));
    return string_at(iterator, "/ShardIterator");
  }

 private:
  http::Client client_;
  CallSigner& signer_;
  std::string arn_;
};

}  // namespace

Result<std::string> stream_iterator(const Endpoint& endpoint, CallSigner& signer,
                                    const std::string& table, std::string_view type) {
  LatestStream stream(endpoint, signer);
  TRY(stream.find(table));
  const auto described = TRY(stream.shards({}));
  return stream.iterator(TRY(string_at(described, "/StreamDescription/Shards/0/ShardId")), type);
}

Result<std::vector<std::string>> latest_iterators(const Endpoint& endpoint, CallSigner& signer,
                                                  const std::string& table) {
  LatestStream stream(endpoint, signer);
  TRY(stream.find(table));
  std::vector<std::string> iterators;
  std::string last_shard;
  do {
    const auto described = TRY(stream.shards(last_shard));
    const auto description = described.root()["StreamDescription"];
    for (const auto shard : description["Shards"].get_array()) {
      std::string_view end;
      if (shard["SequenceNumberRange"]["EndingSequenceNumber"].get(end) == simdjson::SUCCESS) {
        continue;
      }
      iterators.push_back(TRY(stream.iterator(std::string_view(shard["ShardId"]), "LATEST")));
    }
    std::string_view last;
    last_shard.clear();
    if (description["LastEvaluatedShardId"].get(last) == simdjson::SUCCESS) last_shard = last;
  } while (!last_shard.empty());
  return iterators;
}

void get_records(std::string_view iterator, Call& call) {
  call.operation = "GetRecords";
  call.target_prefix = kStreamsPrefix;
  call.body = body_of({{"ShardIterator", iterator}});
}

uint64_t count_records(std::string_view page) {
  uint64_t count = 0;
  for (auto rest = behind(page, kRecordBegin); rest; rest = behind(*rest, kRecordBegin)) ++count;
  return count;
}

void visit_records(std::string_view page, const std::function<void(uint64_t key)>& visit) {
  for (auto rest = behind(page, kKeyBegin); rest; rest = behind(*rest, kKeyBegin)) {
    uint64_t key = 0;
    const char* end = rest->data() + rest->size();
    if (std::from_chars(rest->data(), end, key).ec == std::errc()) visit(key);
  }
}

std::optional<std::string_view> next_iterator(std::string_view page) {
  const size_t at = page.rfind(kNextIterator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view iterator = page.substr(at + kNextIterator.size());
  return iterator.substr(0, iterator.find('"'));
}

}  // namespace millrace::cli::bench
