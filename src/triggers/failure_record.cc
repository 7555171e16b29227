#include "triggers/failure_record.h"

#include <ctime>

#include <fmt/chrono.h>

#include "base/timestamp.h"
#include "base/uuid.h"
#include "json/writer.h"

namespace millrace::triggers {
namespace {

// Whole seconds have no fraction.
std::string instant(int64_t milliseconds) {
  std::string text = iso8601_milliseconds(milliseconds);
  if (text.ends_with(".000")) text.resize(text.size() - 4);
  return text + "Z";
}

void write_request_context(json::Writer& writer, const FailedBatch& batch) {
  writer.key("requestContext");
  writer.begin_object();
  writer.member("requestId", batch.request_id);
  writer.member("functionArn", batch.function_arn);
  writer.member("condition", failure_condition_name(batch.condition));
  writer.member("approximateInvokeCount", batch.approximate_invoke_count);
  writer.end_object();
}

void write_response_context(json::Writer& writer, const LastResponse& response) {
  writer.key("responseContext");
  writer.begin_object();
  writer.member("statusCode", response.status_code);
  writer.member("executedVersion", response.executed_version);
  writer.member("functionError", response.function_error);
  writer.end_object();
}

void write_batch_info(json::Writer& writer, const FailedBatch& batch) {
  writer.key("DDBStreamBatchInfo");
  writer.begin_object();
  writer.member("shardId", batch.shard_id);
  writer.member("startSequenceNumber", batch.start_sequence_number);
  writer.member("endSequenceNumber", batch.end_sequence_number);
  writer.member("approximateArrivalOfFirstRecord", instant(batch.first_record_milliseconds));
  writer.member("approximateArrivalOfLastRecord", instant(batch.last_record_milliseconds));
  writer.member("batchSize", batch.batch_size);
  writer.member("streamArn", batch.stream_arn);
  writer.end_object();
}

}  // namespace

std::string failure_record(const FailedBatch& batch, FailurePayload payload) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  write_request_context(writer, batch);
  if (batch.response) write_response_context(writer, *batch.response);
  writer.member("version", "1.0");
  writer.member("timestamp", instant(batch.failed_milliseconds));
  write_batch_info(writer, batch);
  if (payload == FailurePayload::kWith) writer.member("payload", batch.payload);
  writer.end_object();
  return out;
}

std::string failure_object_name(const FailedBatch& batch, Random& random) {
  const auto seconds = static_cast<time_t>(batch.failed_milliseconds / 1000);
  const std::tm time = fmt::gmtime(seconds);
  return fmt::format("aws/lambda/{}/{}/{:%Y/%m/%d}/{:%Y-%m-%dT%H.%M.%S}-{}", batch.mapping_uuid,
                     batch.shard_id, time, time, new_uuid(random));
}

}  // namespace millrace::triggers
