#include "iam/operations/entity_writer.h"

#include <ctime>

#include <fmt/chrono.h>

#include "auth/uri.h"

namespace millrace::iam {

std::string time_text(int64_t seconds_since_1970) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<time_t>(seconds_since_1970)));
}

void write_entity(json::Writer& writer, const Entity& entity, std::string_view kind) {
  writer.member("Path", entity.path);
  writer.member(fmt::format("{}Name", kind), entity.name);
  writer.member(fmt::format("{}Id", kind), entity.id);
  writer.member("Arn", entity.arn);
  writer.member("CreateDate", time_text(entity.created_seconds));
}

void write_tags(json::Writer& writer, const Tags& tags) {
  if (tags.empty()) return;
  writer.key("Tags");
  writer.begin_array();
  for (const auto& [key, value] : tags) {
    writer.begin_object();
    writer.member("Key", key);
    writer.member("Value", value);
    writer.end_object();
  }
  writer.end_array();
}

void write_boundary(json::Writer& writer, const Grants& grants) {
  if (grants.boundary_arn.empty()) return;
  writer.key("PermissionsBoundary");
  writer.begin_object();
  writer.member("PermissionsBoundaryType", "Policy");
  writer.member("PermissionsBoundaryArn", grants.boundary_arn);
  writer.end_object();
}

void write_document(json::Writer& writer, std::string_view member, const PolicyDocument& document) {
  std::string encoded;
  auth::append_uri_encoded(encoded, document.json);
  writer.member(member, encoded);
}

void write_user(json::Writer& writer, const User& user, Detail detail) {
  write_entity(writer, user, "User");
  if (detail == Detail::kListed) return;
  write_boundary(writer, user.grants);
  write_tags(writer, user.tags);
}

void write_group(json::Writer& writer, const Group& group) {
  write_entity(writer, group, "Group");
}

void write_role(json::Writer& writer, const Role& role, Detail detail) {
  write_entity(writer, role, "Role");
  write_document(writer, "AssumeRolePolicyDocument", role.trust);
  if (!role.description.empty()) writer.member("Description", role.description);
  writer.member("MaxSessionDuration", role.session_seconds_max);
  if (detail == Detail::kListed) return;
  write_boundary(writer, role.grants);
  write_tags(writer, role.tags);
}

void write_policy(json::Writer& writer, const ManagedPolicy& policy, const PolicyUsage& usage,
                  Detail detail) {
  writer.member("PolicyName", policy.name);
  writer.member("PolicyId", policy.id);
  writer.member("Arn", policy.arn);
  writer.member("Path", policy.path);
  writer.member("DefaultVersionId", policy.default_version);
  writer.member("AttachmentCount", usage.attachments);
  writer.member("PermissionsBoundaryUsageCount", usage.boundaries);
  writer.member("IsAttachable", true);
  if (detail == Detail::kWhole && !policy.description.empty()) {
    writer.member("Description", policy.description);
  }
  writer.member("CreateDate", time_text(policy.created_seconds));
  writer.member("UpdateDate", time_text(policy.updated_seconds));
  if (detail == Detail::kWhole) write_tags(writer, policy.tags);
}

void write_version(json::Writer& writer, const ManagedPolicy& policy,
                   const PolicyVersion& version) {
  writer.member("VersionId", version.id);
  writer.member("IsDefaultVersion", version.id == policy.default_version);
  writer.member("CreateDate", time_text(version.created_seconds));
}

}  // namespace millrace::iam
