// What a session token holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.h"
#include "iam/account.h"
#include "iam/secret_box.h"

namespace millrace::iam {

struct SessionContent {
  std::string access_key_id;  // "ASIA…"; the token is of no use to another
  std::string secret_access_key;
  auth::PrincipalType type = auth::PrincipalType::kAssumedRole;
  std::string issuer_arn;  // of the role, user or root
  std::string issuer_id;   // of that one, not of a later one of its name
  std::string session_name;
  int64_t began_seconds = 0;
  int64_t expires_seconds = 0;
  std::vector<std::string> policies_json;
  std::vector<std::string> policy_arns;
  Tags tags;

  friend bool operator==(const SessionContent&, const SessionContent&) = default;
};

// Base64.
[[nodiscard]] std::string write_session_token(const SessionContent& content, const SecretBox& box);
// nullopt: this server did not make it. Costs a decryption; no text makes it slow.
[[nodiscard]] std::optional<SessionContent> read_session_token(std::string_view token,
                                                               const SecretBox& box);

}  // namespace millrace::iam
