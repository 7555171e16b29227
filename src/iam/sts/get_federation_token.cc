#include "iam/sts/session_request.h"

namespace millrace::iam::sts {

Answer get_federation_token(const Call& call) {
  SessionLimits limits = TRY(read_session_limits(call));
  NewSession session;
  session.type = auth::PrincipalType::kFederatedUser;
  session.issuer_arn = TRY(long_lived_caller(call, "GetFederationToken"));
  session.session_name = optional_text(call.input, "Name").value_or("");
  session.duration_seconds = session_seconds(call, session.issuer_arn);
  session.policies_json = std::move(limits.policies_json);
  session.policy_arns = std::move(limits.policy_arns);
  session.tags = std::move(limits.tags);
  session.in_open_mode = !call.parts.enforced;
  const IssuedSession issued = TRY(call.parts.credentials.issue(session, call.parts.secrets));
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  write_credentials(writer, issued);
  writer.key("FederatedUser");
  writer.begin_object();
  writer.member("FederatedUserId", issued.principal->id);
  writer.member("Arn", issued.principal->arn);
  writer.end_object();
  if (limits.packed_size) writer.member("PackedPolicySize", *limits.packed_size);
  writer.end_object();
  return text;
}

}  // namespace millrace::iam::sts
