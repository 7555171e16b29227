#include "audit/identity_json.h"

#include "audit/event_date.h"
#include "audit/event_text.h"

namespace millrace::audit {
namespace {

constexpr size_t kFieldBytesMax = 1024;
constexpr size_t kAccessKeyIdBytesMax = 128;

std::string_view name_of(IdentityType type) {
  switch (type) {
    case IdentityType::kClaimed:
    case IdentityType::kUser:
      return "IAMUser";
    case IdentityType::kUnknown:
      return "Unknown";
    case IdentityType::kRoot:
      return "Root";
    case IdentityType::kAssumedRole:
      return "AssumedRole";
    case IdentityType::kFederatedUser:
      return "FederatedUser";
    case IdentityType::kService:
      return "AWSService";
  }
  return {};
}

std::string_view issuer_type(std::string_view arn) {
  if (arn.find(":role/") != std::string_view::npos) return "Role";
  return arn.ends_with(":root") ? "Root" : "IAMUser";
}

// A session that is the user's own names no issuer.
bool shows_issuer(const Identity& identity) {
  return !identity.issuer_arn.empty() && (identity.type == IdentityType::kAssumedRole ||
                                          identity.type == IdentityType::kFederatedUser);
}

void write_issuer(json::Writer& writer, const Identity& identity) {
  const std::string_view type = issuer_type(identity.issuer_arn);
  writer.key("sessionIssuer");
  writer.begin_object();
  writer.member("type", type);
  write_text(writer, "principalId", identity.issuer_id, kFieldBytesMax);
  write_text(writer, "arn", identity.issuer_arn, kFieldBytesMax);
  write_text(writer, "accountId", account_of_arn(identity.issuer_arn), kFieldBytesMax);
  if (type != "Root") write_text(writer, "userName", identity.issuer_name, kFieldBytesMax);
  writer.end_object();
}

void write_session(json::Writer& writer, std::string& out, const Identity& identity) {
  if (identity.session_began_seconds == 0) return;
  writer.key("sessionContext");
  writer.begin_object();
  if (shows_issuer(identity)) write_issuer(writer, identity);
  writer.key("attributes");
  writer.begin_object();
  writer.key("creationDate");
  writer.raw("\"");
  append_event_time(out, identity.session_began_seconds * 1000);
  out.push_back('"');
  writer.member("mfaAuthenticated", "false");
  writer.end_object();
  writer.end_object();
}

void write_claimed(json::Writer& writer, const catalog::Site& site, const Identity& identity) {
  const std::string_view key_id = text_within(identity.access_key_id, kAccessKeyIdBytesMax);
  if (key_id.empty()) {
    writer.member("type", "AWSAccount");
    writer.member("principalId", "");
    writer.member("accountId", "ANONYMOUS_PRINCIPAL");
    return;
  }
  writer.member("type", "IAMUser");
  write_text(writer, "principalId", key_id, kAccessKeyIdBytesMax);
  write_text(writer, "arn", identity_arn(site, identity), kFieldBytesMax);
  writer.member("accountId", site.account_id);
  write_text(writer, "accessKeyId", key_id, kAccessKeyIdBytesMax);
  write_text(writer, "userName", key_id, kAccessKeyIdBytesMax);
}

}  // namespace

void write_identity(json::Writer& writer, std::string& out, const catalog::Site& site,
                    const Identity& identity) {
  writer.begin_object();
  if (identity.type == IdentityType::kClaimed) {
    write_claimed(writer, site, identity);
  } else {
    writer.member("type", name_of(identity.type));
    write_text(writer, "principalId", identity.principal_id, kFieldBytesMax);
    write_text(writer, "arn", identity.arn, kFieldBytesMax);
    write_text(writer, "accountId", identity.account_id, kFieldBytesMax);
    write_text(writer, "accessKeyId", identity.access_key_id, kAccessKeyIdBytesMax);
    const bool is_service = identity.type == IdentityType::kService;
    write_text(writer, is_service ? "invokedBy" : "userName", identity.user_name, kFieldBytesMax);
    write_session(writer, out, identity);
  }
  writer.end_object();
}

std::string identity_arn(const catalog::Site& site, const Identity& identity) {
  if (identity.type != IdentityType::kClaimed) return identity.arn;
  if (identity.access_key_id.empty()) return {};
  std::string arn = "arn:aws:iam::";
  arn += site.account_id;
  arn += ":user/";
  arn += text_within(identity.access_key_id, kAccessKeyIdBytesMax);
  return arn;
}

std::string_view account_of_arn(std::string_view arn) {
  for (int colons = 0; colons < 4; ++colons) {
    const size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return arn.substr(0, arn.find(':'));
}

}  // namespace millrace::audit
