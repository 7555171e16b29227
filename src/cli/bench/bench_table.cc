#include "cli/bench/bench_table.h"

#include <chrono>
#include <thread>

#include "cli/bench/tally.h"
#include "http/client.h"
#include "json/writer.h"

namespace millrace::cli::bench {

namespace {

constexpr std::chrono::seconds kTimeout{30};

std::string table_name_body(const std::string& table) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object();
  writer.member("TableName", table);
  writer.end_object();
  return body;
}

void write_keys(json::Writer& writer, const BenchOptions& options) {
  const bool grouped = options.workload == Workload::kQuery;
  writer.key("KeySchema");
  writer.raw(grouped ? R"([{"AttributeName":"id","KeyType":"HASH"},)"
                       R"({"AttributeName":"at","KeyType":"RANGE"}])"
                     : R"([{"AttributeName":"id","KeyType":"HASH"}])");
  std::string definitions = R"({"AttributeName":"id","AttributeType":"S"})";
  if (grouped) definitions += R"(,{"AttributeName":"at","AttributeType":"S"})";
  if (options.index) definitions += R"(,{"AttributeName":"group","AttributeType":"S"})";
  writer.key("AttributeDefinitions");
  writer.raw("[" + definitions + "]");
  if (!options.index) return;
  writer.key("GlobalSecondaryIndexes");
  writer.raw(R"([{"IndexName":"by-group","Projection":{"ProjectionType":"ALL"},)"
             R"("KeySchema":[{"AttributeName":"group","KeyType":"HASH"}]}])");
}

std::string create_table_body(const BenchOptions& options) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object();
  writer.member("TableName", options.table);
  write_keys(writer, options);
  writer.member("BillingMode", "PAY_PER_REQUEST");
  const bool needs_stream =
      options.workload == Workload::kRecords || options.workload == Workload::kFollow;
  if (needs_stream || !options.stream_view_type.empty()) {
    const bool is_default = options.stream_view_type.empty();
    writer.key("StreamSpecification");
    writer.begin_object();
    writer.member("StreamEnabled", true);
    writer.member("StreamViewType", is_default ? "NEW_AND_OLD_IMAGES" : options.stream_view_type);
    writer.end_object();
  }
  writer.end_object();
  return body;
}

Error refused(const Call& call, const std::string& failure, const std::string& body) {
  return {ErrorCode::kServiceUnavailableException,
          std::string(call.operation) + " failed with " + failure + ": " + body};
}

Status wait_until_active(http::Client& client, CallSigner& signer, const std::string& table) {
  const Call describe{"DescribeTable", table_name_body(table)};
  const auto deadline = std::chrono::steady_clock::now() + kTimeout;
  while (std::chrono::steady_clock::now() < deadline) {
    http::Response response = TRY(client.send(signer.request(describe)));
    std::string failure = failure_of(describe, {.status = response.status, .body = response.body});
    if (!failure.empty()) return refused(describe, failure, response.body);
    if (response.body.find(R"("TableStatus":"ACTIVE")") != std::string::npos) return Done{};
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return Error{ErrorCode::kServiceUnavailableException,
               "table '" + table + "' did not become active"};
}

}  // namespace

Result<bool> create_table(const Endpoint& endpoint, CallSigner& signer,
                          const BenchOptions& options) {
  http::Client client(endpoint.address, endpoint.port, kTimeout);
  const Call create{"CreateTable", create_table_body(options)};
  http::Response response = TRY(client.send(signer.request(create)));
  std::string failure = failure_of(create, {.status = response.status, .body = response.body});
  const bool existed = failure == error_name(ErrorCode::kResourceInUseException);
  if (!failure.empty() && !existed) return refused(create, failure, response.body);
  TRY(wait_until_active(client, signer, options.table));
  return !existed;
}

Status delete_table(const Endpoint& endpoint, CallSigner& signer, const std::string& table) {
  http::Client client(endpoint.address, endpoint.port, kTimeout);
  const Call call{"DeleteTable", table_name_body(table)};
  http::Response response = TRY(client.send(signer.request(call)));
  std::string failure = failure_of(call, {.status = response.status, .body = response.body});
  if (!failure.empty()) return refused(call, failure, response.body);
  return Done{};
}

}  // namespace millrace::cli::bench
