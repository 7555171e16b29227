#include "functions/store_invoker.h"

#include <fmt/format.h>

#include "json/document.h"

namespace millrace::functions {
namespace {

constexpr int64_t kTimeoutSecondsElsewhere = 900;  // the longest there is

}  // namespace

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
  auto looked_up = choose_version(store_, site_, request.function, request.qualifier, random_);
  if (!looked_up.ok() && looked_up.error().code == ErrorCode::kResourceNotFoundException &&
      runs_others_elsewhere_) {
    TRY(check_payload(request.payload, kPayloadBytesMax, "RequestResponse"));
    return elsewhere(request);
  }
  FoundVersion found = TRY(std::move(looked_up));
  request.qualifier = found.qualifier;
  TRY(check_payload(request.payload, kPayloadBytesMax, "RequestResponse"));
  if (found.function->reserved_concurrency == 0) {
    return Error{ErrorCode::kTooManyRequestsException, "Rate Exceeded.",
                 R"("Reason":"ReservedFunctionConcurrentInvocationLimitExceeded")"};
  }
  return found.version;
}

// A function of which nothing is known here: whether there is one, and how long it may take, is
// for the endpoint to say.
Result<FunctionVersionPointer> StoreInvoker::elsewhere(InvokeRequest& request) const {
  const auto name = TRY(read_function_name(site_, request.function, request.qualifier));
  auto version = std::make_shared<FunctionVersion>();
  version->name = name.name;
  version->arn = function_arn(site_, name.name);
  version->version = name.qualifier.empty() ? std::string(kLatest) : name.qualifier;
  version->timeout_seconds = kTimeoutSecondsElsewhere;
  request.qualifier = name.qualifier;
  return FunctionVersionPointer(std::move(version));
}

}  // namespace millrace::functions
