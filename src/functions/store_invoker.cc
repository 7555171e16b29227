#include "functions/store_invoker.h"

#include <fmt/format.h>

#include "json/document.h"

namespace millrace::functions {

Status check_payload(ByteView payload, size_t bytes_max, std::string_view invocation_type) {
  if (payload.size() > bytes_max) {
    return Error{ErrorCode::kRequestTooLargeException,
                 fmt::format("{} byte payload is too large for the {} invocation type (limit {} "
                             "bytes)",
                             payload.size(), invocation_type, bytes_max)};
  }
  if (!json::Document::parse(payload).ok()) {
    return Error{ErrorCode::kInvalidRequestContentException,
                 "Could not parse request body into json: Could not parse payload into json: the "
                 "payload is not JSON in UTF-8"};
  }
  return Done{};
}

void StoreInvoker::invoke(InvokeRequest request, InvokeDone done) {
  auto version = admit(request);
  if (!version.ok()) return done(std::move(version).error());
  runner_.run(std::move(*version), std::move(request), std::move(done));
}

Result<FunctionVersionPointer> StoreInvoker::admit(InvokeRequest& request) const {
  if (request.payload.empty()) request.payload = "{}";
  auto found = TRY(choose_version(store_, site_, request.function, request.qualifier, random_));
  request.qualifier = found.qualifier;
  TRY(check_payload(request.payload, kPayloadBytesMax, "RequestResponse"));
  if (found.function->reserved_concurrency == 0) {
    return Error{ErrorCode::kTooManyRequestsException, "Rate Exceeded.",
                 R"("Reason":"ReservedFunctionConcurrentInvocationLimitExceeded")"};
  }
  return found.version;
}

}  // namespace millrace::functions
