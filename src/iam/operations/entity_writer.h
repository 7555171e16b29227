// Entities as the IAM API shows them.
#pragma once

#include <string>
#include <string_view>

#include "iam/account.h"
#include "iam/operations/policy_usage.h"
#include "json/writer.h"

namespace millrace::iam {

// "2026-01-02T03:04:05Z"
[[nodiscard]] std::string time_text(int64_t seconds_since_1970);

// Which members an operation shows: lists leave out tags and boundaries.
enum class Detail { kListed, kWhole };

// Members of an object that the caller begins and ends.
// Path, CreateDate and so on; `kind` is of UserName and UserId.
void write_entity(json::Writer& writer, const Entity& entity, std::string_view kind);
void write_user(json::Writer& writer, const User& user, Detail detail);
void write_group(json::Writer& writer, const Group& group);
void write_role(json::Writer& writer, const Role& role, Detail detail);
// Of a policy: description and tags are not listed.
void write_policy(json::Writer& writer, const ManagedPolicy& policy, const PolicyUsage& usage,
                  Detail detail);
// A version without its document.
void write_version(json::Writer& writer, const ManagedPolicy& policy, const PolicyVersion& version);
// Nothing when there are none.
void write_tags(json::Writer& writer, const Tags& tags);
void write_boundary(json::Writer& writer, const Grants& grants);
// Encoded by RFC 3986.
void write_document(json::Writer& writer, std::string_view member, const PolicyDocument& document);

// The answer {"User": {...}}, by one of the functions above.
template <typename Write>
[[nodiscard]] std::string answer_object(std::string_view member, Write write) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key(member);
  writer.begin_object();
  write(writer);
  writer.end_object();
  writer.end_object();
  return out;
}

}  // namespace millrace::iam
