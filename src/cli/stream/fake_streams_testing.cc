#include "cli/stream/fake_streams_testing.h"

#include <thread>

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "json/writer.h"

namespace millrace::cli::stream {
namespace {

http::Response refusal(int status, const std::string& error) {
  return {.status = status,
          .headers = {},
          .body = fmt::format(R"({{"__type":"com.amazonaws#{}","message":"told to"}})", error)};
}

http::Response success(std::string body) {
  return {.status = 200, .headers = {}, .body = std::move(body)};
}

std::string number_of(uint64_t position) {
  return fmt::format("1{:020}", position);
}

}  // namespace

FakeStreams::FakeStreams() {
  server_ = *http::Server::listen({.port = 0, .threads = 1}, *this);
  server_->start();
}

FakeStreams::~FakeStreams() {
  server_->stop(std::chrono::milliseconds(0));
}

Connection FakeStreams::connection() const {
  const ServiceUrl url{"127.0.0.1", server_->port(),
                       "127.0.0.1:" + std::to_string(server_->port())};
  return {.dynamodb = url, .streams = url, .credentials = {"a", "b", ""}, .region = "r"};
}

void FakeStreams::add_shard(const std::string& id, const std::string& parent, uint64_t first) {
  const std::scoped_lock lock(mutex_);
  shards_[id] = {.parent = parent, .first = first, .records = {}};
}

void FakeStreams::put(const std::string& shard_id, const std::string& name, int64_t seconds,
                      size_t count) {
  const std::scoped_lock lock(mutex_);
  for (size_t i = 0; i < count; ++i) {
    shards_.at(shard_id).records.push_back({name, seconds + static_cast<int64_t>(i)});
  }
}

void FakeStreams::close(const std::string& shard_id) {
  const std::scoped_lock lock(mutex_);
  shards_.at(shard_id).is_open = false;
}

void FakeStreams::trim(const std::string& shard_id, size_t count) {
  const std::scoped_lock lock(mutex_);
  shards_.at(shard_id).trimmed = count;
}

void FakeStreams::disable() {
  const std::scoped_lock lock(mutex_);
  is_enabled_ = false;
  for (auto& [id, shard] : shards_) shard.is_open = false;
}

void FakeStreams::fail(const std::string& operation, size_t count, int status,
                       const std::string& error) {
  const std::scoped_lock lock(mutex_);
  failures_[operation] = {count, status, error};
}

size_t FakeStreams::calls(const std::string& operation) {
  const std::scoped_lock lock(mutex_);
  return calls_[operation];
}

void FakeStreams::await_calls(const std::string& operation, size_t more) {
  const size_t goal = calls(operation) + more;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (calls(operation) < goal && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void FakeStreams::handle(http::Request request, http::Respond respond) {
  std::string operation(request.header("X-Amz-Target"));
  operation.erase(0, operation.find('.') + 1);
  respond(answer(operation, request.body));
}

http::Response FakeStreams::refuse(int status, std::string_view reason) {
  return {.status = status, .headers = {}, .body = std::string(reason)};
}

http::Response FakeStreams::answer(const std::string& operation, const std::string& body) {
  const std::scoped_lock lock(mutex_);
  ++calls_[operation];
  if (Failures& failures = failures_[operation]; failures.count > 0) {
    --failures.count;
    return refusal(failures.status, failures.error);
  }
  if (operation == "DescribeStream") return success(describe_stream());
  if (operation == "GetShardIterator") return get_shard_iterator(body);
  if (operation == "GetRecords") return get_records(body);
  return refusal(400, "UnknownOperationException");
}

std::string FakeStreams::describe_stream() {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("StreamDescription");
  writer.begin_object();
  writer.member("StreamArn", arn());
  writer.member("StreamStatus", is_enabled_ ? "ENABLED" : "DISABLED");
  writer.key("Shards");
  writer.begin_array();
  for (const auto& [id, shard] : shards_) {
    writer.begin_object();
    writer.member("ShardId", id);
    if (!shard.parent.empty()) writer.member("ParentShardId", shard.parent);
    writer.key("SequenceNumberRange");
    writer.begin_object();
    writer.member("StartingSequenceNumber", number_of(shard.first));
    const uint64_t end = shard.first + std::max<size_t>(shard.records.size(), 1);
    if (!shard.is_open) writer.member("EndingSequenceNumber", number_of(end - 1));
    writer.end_object();
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  writer.end_object();
  return out;
}

// An iterator is "SHARD/INDEX".
http::Response FakeStreams::get_shard_iterator(const std::string& body) {
  const auto document = json::Document::parse(body);
  const json::Object input = root_of(*document);
  const std::string id = text_of(input, "ShardId");
  if (!shards_.contains(id)) return refusal(400, "ResourceNotFoundException");
  const Shard& shard = shards_.at(id);
  const std::string type = text_of(input, "ShardIteratorType");
  size_t index = shard.trimmed;
  if (type == "LATEST") index = shard.records.size();
  if (const auto number = find_text(input, "SequenceNumber")) {
    index = std::stoull(number->substr(1)) - shard.first;
    if (index >= shard.records.size()) return refusal(400, "ValidationException");
    if (index < shard.trimmed) return refusal(400, "TrimmedDataAccessException");
    if (type == "AFTER_SEQUENCE_NUMBER") ++index;
  }
  return success(fmt::format(R"({{"ShardIterator":"{}/{}"}})", id, index));
}

http::Response FakeStreams::get_records(const std::string& body) {
  const auto document = json::Document::parse(body);
  const json::Object input = root_of(*document);
  const std::string iterator = text_of(input, "ShardIterator");
  const size_t slash = iterator.find('/');
  const std::string id = iterator.substr(0, slash);
  const Shard& shard = shards_.at(id);
  const size_t begin = std::stoull(iterator.substr(slash + 1));
  if (begin < shard.trimmed) return refusal(400, "TrimmedDataAccessException");
  const auto limit = static_cast<size_t>(find_integer(input, "Limit").value_or(1000));
  const size_t end = std::min(begin + limit, shard.records.size());

  std::string out = R"({"Records":[)";
  for (size_t i = begin; i < end; ++i) {
    const Record& record = shard.records[i];
    out +=
        fmt::format(R"({}{{"eventName":"INSERT","dynamodb":{{"SizeBytes":10,)"
                    R"("ApproximateCreationDateTime":{},"Keys":{{"id":{{"S":"{}"}}}},)"
                    R"("SequenceNumber":"{}"}}}})",
                    i > begin ? "," : "", record.seconds, record.name, number_of(shard.first + i));
  }
  out += "]";
  if (shard.is_open || end < shard.records.size()) {
    out += fmt::format(R"(,"NextShardIterator":"{}/{}")", id, end);
  }
  return success(out + "}");
}

}  // namespace millrace::cli::stream
