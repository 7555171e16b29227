// Users, groups, roles and policies: everything IAM keeps, as plain data.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.h"
#include "policy/policy.h"

namespace millrace::iam {

using Tags = std::map<std::string, std::string>;

// A document and what was read of it.
struct PolicyDocument {
  std::string json;
  policy::PolicyPointer policy;
};

// Of everything that has an ARN.
struct Entity {
  std::string name;  // case is kept; two that differ in case alone are the same
  std::string path = "/";
  std::string id;   // "AIDA…", "AGPA…", "AROA…", "ANPA…"
  std::string arn;  // "arn:aws:iam::ACCOUNT:user/PATH/NAME"
  int64_t created_seconds = 0;
  Tags tags;
};

// Of what policies can be attached to.
struct Grants {
  std::map<std::string, PolicyDocument> inline_policies;  // by name
  std::set<std::string> attached_policies;                // ARNs
  std::string boundary_arn;                               // of a managed policy; empty: none
};

struct AccessKey {
  std::string access_key_id;  // "AKIA…"
  std::string secret_access_key;
  bool active = true;
  int64_t created_seconds = 0;
};

struct User : Entity {
  Grants grants;
  std::vector<AccessKey> access_keys;  // at most two
  std::set<std::string> groups;        // names, as find_group takes them
};

struct Group : Entity {
  Grants grants;
};

struct Role : Entity {
  Grants grants;
  PolicyDocument trust;
  std::string description;
  int32_t session_seconds_max = 3600;
};

struct PolicyVersion {
  std::string id;  // "v1"
  PolicyDocument document;
  int64_t created_seconds = 0;
};

struct ManagedPolicy : Entity {
  std::string description;
  std::vector<PolicyVersion> versions;  // oldest first
  std::string default_version;
  int64_t updated_seconds = 0;
  uint64_t next_version = 2;
};

// How names are compared: what they are kept by.
[[nodiscard]] std::string entity_key(std::string_view name);

using UserPointer = std::shared_ptr<const User>;
using GroupPointer = std::shared_ptr<const Group>;
using RolePointer = std::shared_ptr<const Role>;
using ManagedPolicyPointer = std::shared_ptr<const ManagedPolicy>;

// One state of the account. What has not changed is shared with the states before.
struct Account {
  std::string account_id;
  std::string alias;  // empty: none
  std::optional<AccessKey> root_key;
  // By lower-case name; policies by ARN, with those that come with the server
  // ("arn:aws:iam::aws:policy/…"), which are never stored.
  std::map<std::string, UserPointer> users;
  std::map<std::string, GroupPointer> groups;
  std::map<std::string, RolePointer> roles;
  std::map<std::string, ManagedPolicyPointer> policies;

  // nullptr: there is none.
  [[nodiscard]] UserPointer find_user(std::string_view name) const;
  [[nodiscard]] GroupPointer find_group(std::string_view name) const;
  [[nodiscard]] RolePointer find_role(std::string_view name) const;
  [[nodiscard]] ManagedPolicyPointer find_policy(const std::string& arn) const;
};
using AccountPointer = std::shared_ptr<const Account>;

}  // namespace millrace::iam
