#include "iam/principals.h"
#include "iam/sts/role_trust.h"
#include "iam/sts/session_request.h"

namespace millrace::iam::sts {
namespace {

constexpr int64_t kDefaultSeconds = 3'600;
// Of a role that is assumed with the session of another.
constexpr int64_t kChainedSecondsMax = 3'600;

Result<RolePointer> find_role(const Call& call, const std::string& arn) {
  if (!arn.starts_with("arn:")) return validation_error(arn + " is invalid");
  RolePointer role = find_role_by_arn(call.account, arn);
  if (!role) return may_not_assume(*call.caller, "sts:AssumeRole", arn);
  return role;
}

Result<int64_t> duration_of(const Call& call, const Role& role) {
  const int64_t seconds = integer_or(call.input, "DurationSeconds", kDefaultSeconds);
  if (seconds > role.session_seconds_max) {
    return validation_error(
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  if (call.caller->type == auth::PrincipalType::kAssumedRole && seconds > kChainedSecondsMax) {
    return validation_error(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
        "chaining.");
  }
  return seconds;
}

Status check_caller(const Call& call, const Role& role, const RoleSessionContext& context) {
  if (!call.parts.enforced) return Done{};
  if (call.caller->type == auth::PrincipalType::kRoot) {
    return Error{ErrorCode::kAccessDeniedException, "Roles may not be assumed by root accounts."};
  }
  if (call.caller->type == auth::PrincipalType::kFederatedUser) {
    return may_not_assume(*call.caller, "sts:AssumeRole", role.arn);
  }
  return check_may_assume(role, *call.caller, *call.parts.credentials.policies_of(call.caller),
                          context);
}

}  // namespace

Answer assume_role(const Call& call) {
  TRY(refuse_unsupported(call.input, {"SerialNumber", "TokenCode", "SourceIdentity",
                                      "TransitiveTagKeys", "ProvidedContexts"}));
  SessionLimits limits = TRY(read_session_limits(call));
  const RolePointer role = TRY(find_role(call, optional_text(call.input, "RoleArn").value_or("")));
  NewSession session;
  session.issuer_arn = role->arn;
  session.session_name = optional_text(call.input, "RoleSessionName").value_or("");
  RoleSessionContext context;
  context.now_seconds = call.parts.clock.now_milliseconds() / 1000;
  context.role_session_name = session.session_name;
  context.external_id = optional_text(call.input, "ExternalId");
  context.tags = limits.tags;
  TRY(check_caller(call, *role, context));
  session.duration_seconds = TRY(duration_of(call, *role));
  session.policies_json = std::move(limits.policies_json);
  session.policy_arns = std::move(limits.policy_arns);
  session.tags = std::move(limits.tags);
  const IssuedSession issued = TRY(call.parts.credentials.issue(session, call.parts.secrets));
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  write_credentials(writer, issued);
  writer.key("AssumedRoleUser");
  writer.begin_object();
  writer.member("AssumedRoleId", issued.principal->id);
  writer.member("Arn", issued.principal->arn);
  writer.end_object();
  if (limits.packed_size) writer.member("PackedPolicySize", *limits.packed_size);
  writer.end_object();
  return text;
}

}  // namespace millrace::iam::sts
