// Whom a request acts for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace millrace::auth {

enum class PrincipalType : uint8_t {
  kAnonymous,
  kUnknown,  // a request that was refused: what it claims was not proven
  kRoot,
  kUser,
  kAssumedRole,
  kFederatedUser,
  kService,
};

struct Tag {
  std::string key;
  std::string value;

  friend bool operator==(const Tag&, const Tag&) = default;
};

// Names are those of the IAM User Guide ("IAM identifiers") and of CloudTrail's userIdentity.
struct Principal {
  PrincipalType type = PrincipalType::kAnonymous;
  std::string account_id;
  std::string access_key_id;
  // "AIDA…"; of the root the account id; of a session "AROA…:NAME" or "ACCOUNT:NAME".
  std::string id;
  // "arn:aws:iam::ACCOUNT:user/PATH/NAME", "…:root", "arn:aws:sts::ACCOUNT:assumed-role/ROLE/NAME".
  std::string arn;
  std::string user_name;     // of a user, also of a session that is a user's own
  std::string service_name;  // "lambda.amazonaws.com", of a service

  // Of temporary credentials.
  std::string session_name;  // of a role or a federated user
  std::string issuer_arn;    // of the role or user whose session it is; empty: no session
  std::string issuer_id;     // "AROA…"
  std::string issuer_name;
  int64_t session_began_seconds = 0;
  // What limits the session beside its issuer's policies: documents, and ARNs of managed policies.
  std::vector<std::string> session_policies_json;
  std::vector<std::string> session_policy_arns;

  std::vector<Tag> tags;  // of the user or role, and of the session: aws:PrincipalTag

  friend bool operator==(const Principal&, const Principal&) = default;
};

// Immutable, shared by all requests of one access key. Never nullptr.
using PrincipalPointer = std::shared_ptr<const Principal>;

// A request of the server itself, such as a trigger's.
[[nodiscard]] PrincipalPointer service_principal(std::string service_name);
[[nodiscard]] PrincipalPointer anonymous_principal();

}  // namespace millrace::auth
