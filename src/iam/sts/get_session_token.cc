#include "iam/sts/session_request.h"

namespace millrace::iam::sts {

Answer get_session_token(const Call& call) {
  TRY(refuse_unsupported(call.input, {"SerialNumber", "TokenCode"}));
  NewSession session;
  session.type = call.caller->type;
  session.issuer_arn = TRY(long_lived_caller(call, "GetSessionToken"));
  session.duration_seconds = session_seconds(call, session.issuer_arn);
  session.in_open_mode = !call.parts.enforced;
  const IssuedSession issued = TRY(call.parts.credentials.issue(session, call.parts.secrets));
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  write_credentials(writer, issued);
  writer.end_object();
  return text;
}

}  // namespace millrace::iam::sts
