#include "wire/rest_error.h"

#include "base/log.h"
#include "json/writer.h"
#include "wire/error_response.h"

namespace millrace::wire {
namespace {

// Its statuses are those of the API model, and there not always what other services make of them.
int status_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kResourceNotFoundException:
    case ErrorCode::kUnknownOperationException:
      return 404;
    case ErrorCode::kAccessDeniedException:
      return 403;
    case ErrorCode::kThrottlingException:
      return 429;
    default:
      if (is_of_authentication(error.code)) return 403;
      return error_http_status(error.code);
  }
}

bool is_of_front_end(ErrorCode code) {
  return code == ErrorCode::kValidationException || code == ErrorCode::kSerializationException ||
         code == ErrorCode::kUnknownOperationException ||
         code == ErrorCode::kAccessDeniedException || code == ErrorCode::kThrottlingException ||
         is_of_authentication(code);
}

bool is_of_service(int status) {
  return status >= 500;
}

// As the API model spells the member.
std::string_view message_member(ErrorCode code) {
  const bool capital =
      code == ErrorCode::kResourceNotFoundException || code == ErrorCode::kServiceException ||
      code == ErrorCode::kResourceInUseException || code == ErrorCode::kInvalidZipFileException;
  return capital ? "Message" : "message";
}

}  // namespace

http::Response rest_error_response(const Error& error, std::string request_id) {
  if (error.code == ErrorCode::kInternalServerError) {
    log::error("internal error", {{"request_id", request_id}, {"reason", error.message}});
    return rest_error_response(
        {ErrorCode::kServiceException, "The server had an internal error; its log says more"},
        std::move(request_id));
  }
  const int status = status_of(error);
  std::string body;
  json::Writer writer(body);
  writer.begin_object();
  if (!is_of_front_end(error.code)) {
    writer.member("Type", is_of_service(status) ? "Service" : "User");
  }
  writer.member(message_member(error.code), error.message);
  writer.end_object();
  if (!error.members_json.empty()) body.insert(body.size() - 1, "," + error.members_json);
  return {status,
          {{"x-amzn-RequestId", std::move(request_id)},
           {"x-amzn-ErrorType", std::string(error_name(error.code))},
           {"Content-Type", "application/json"}},
          std::move(body)};
}

}  // namespace millrace::wire
