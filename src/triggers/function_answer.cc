#include "triggers/function_answer.h"

#include <simdjson.h>

#include "json/document.h"
#include "streams/sequence_number.h"

namespace millrace::triggers {
namespace {

constexpr const char* kCallFailed = "PROBLEM: Function call failed";

BatchResult failed() {
  return {BatchOutcome::kFailed, {}, {}, kCallFailed};
}

BatchResult refused(const Error& error) {
  if (error.code == ErrorCode::kRequestTooLargeException) {
    return {BatchOutcome::kTooLarge, {}, {}, kCallFailed};
  }
  if (error.code == ErrorCode::kTooManyRequestsException) {
    return {BatchOutcome::kThrottled, {}, {}, "PROBLEM: Concurrency limit exceeded"};
  }
  std::string problem = "PROBLEM: The function could not be called";
  if (error.code == ErrorCode::kResourceNotFoundException) problem = "PROBLEM: Function not found";
  return {BatchOutcome::kRefused, {}, {}, std::move(problem)};
}

// The number of the record that the item names; nullopt for anything else.
std::optional<size_t> record_number(json::Element item, const Batch& batch) {
  std::string_view identifier;
  if (item["itemIdentifier"].get(identifier) != simdjson::SUCCESS) return std::nullopt;
  const auto position = streams::parse_sequence_number(identifier);
  for (size_t i = 0; position && i < batch.records.size(); ++i) {
    if (batch.records[i].position == *position) return i;
  }
  return std::nullopt;
}

// The lowest that `response` names. False when it names what is not in the batch.
bool read_first_failed(json::Object response, const Batch& batch,
                       std::optional<size_t>& first_failed) {
  const auto failures = json::member(response, "batchItemFailures");
  if (!failures) return true;
  json::Array items;
  if (failures->get(items) != simdjson::SUCCESS) return false;
  for (const json::Element item : items) {
    const auto number = record_number(item, batch);
    if (!number) return false;
    first_failed = std::min(first_failed.value_or(*number), *number);
  }
  return true;
}

}  // namespace

BatchResult read_answer(const Result<functions::InvokeAnswer>& answer, const Batch& batch,
                        const Mapping& mapping, bool has_window) {
  if (!answer.ok()) return refused(answer.error());
  if (!answer->function_error.empty()) return failed();
  BatchResult result{BatchOutcome::kDone};
  const bool wants_state = has_window && !batch.ends_window();
  const bool wants_failures = mapping.report_batch_item_failures && !batch.ends_window();
  if (!wants_state && !wants_failures) return result;

  const auto document = json::Document::parse(answer->payload);
  json::Object response;
  const bool is_object = document.ok() && document->root().get(response) == simdjson::SUCCESS;
  if (is_object && wants_failures && !read_first_failed(response, batch, result.first_failed)) {
    return failed();
  }
  if (wants_state) {
    const auto state = is_object ? json::member(response, "state") : std::nullopt;
    if (!state) return failed();
    result.state = simdjson::minify(*state);
  }
  if (result.first_failed) result.problem = kCallFailed;
  return result;
}

}  // namespace millrace::triggers
