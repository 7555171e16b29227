#include "wire/request_record.h"

namespace millrace::wire {

std::optional<json::Object> input_of(const Result<json::Document>& document) {
  json::Object input;
  if (!document.ok() || document->root().get(input) != simdjson::SUCCESS) return std::nullopt;
  return input;
}

bool may_be_recorded(const audit::Recorder* recorder, const audit::RequestKind* kind) {
  return recorder != nullptr && kind != nullptr && recorder->may_want(*kind);
}

std::shared_ptr<audit::RecordedRequest> begin_record(const audit::Recorder* recorder,
                                                     const audit::RequestKind* kind,
                                                     const http::Request& request,
                                                     const auth::Principal& principal,
                                                     std::string_view request_id,
                                                     const std::optional<json::Object>& input) {
  if (!may_be_recorded(recorder, kind)) return nullptr;
  return recorder->begin({*kind, input, principal, request_id, request.remote_address,
                          request.header("user-agent"), request.header("host"), request.tls_version,
                          request.cipher_suite});
}

}  // namespace millrace::wire
