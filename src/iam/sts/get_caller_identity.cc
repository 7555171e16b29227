#include "iam/sts/session_request.h"

namespace millrace::iam::sts {

Answer get_caller_identity(const Call& call) {
  if (call.caller->arn.empty()) {  // only where anybody is let in, also unsigned
    return Error{ErrorCode::kMissingAuthenticationTokenException,
                 "Request is missing Authentication Token"};
  }
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.member("UserId", call.caller->id);
  writer.member("Account", call.account.account_id);
  writer.member("Arn", call.caller->arn);
  writer.end_object();
  return text;
}

}  // namespace millrace::iam::sts
