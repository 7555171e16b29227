#include "wire/error_response.h"

#include "json/writer.h"

namespace millrace::wire {
namespace {

// The front end's own errors but those of authentication spell the member with a capital, and so do
// the API models of three.
std::string_view message_member(ErrorCode code) {
  const bool capital =
      code == ErrorCode::kIdempotentParameterMismatchException ||
      code == ErrorCode::kTransactionCanceledException ||
      code == ErrorCode::kTransactionInProgressException ||
      (error_type(code).starts_with("com.amazon.coral.service#") && !is_of_authentication(code));
  return capital ? "Message" : "message";
}

std::string error_body(const Error& error, std::string_view type) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("__type", type);
  if (error.code == ErrorCode::kInternalServerError) {
    writer.member("message", "The server had an internal error; its log says more");
  } else if (!error.message.empty()) {
    writer.member(message_member(error.code), error.message);
  }
  writer.end_object();
  if (!error.members_json.empty()) out.insert(out.size() - 1, "," + error.members_json);
  return out;
}

}  // namespace

std::string error_body(const Error& error) {
  return error_body(error, error_type(error.code));
}

bool is_of_authentication(ErrorCode code) {
  return code == ErrorCode::kMissingAuthenticationTokenException ||
         code == ErrorCode::kExpiredTokenException ||
         code == ErrorCode::kIncompleteSignatureException ||
         code == ErrorCode::kInvalidSignatureException ||
         code == ErrorCode::kUnrecognizedClientException;
}

std::string plain_error_body(const Error& error) {
  return error_body(error, error_name(error.code));
}

}  // namespace millrace::wire
