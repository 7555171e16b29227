// The Principal and NotPrincipal of a statement (IAM User Guide, "AWS JSON policy elements:
// Principal").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.h"

namespace millrace::policy {

// How an element names a principal, the weakest first.
enum class PrincipalMatch {
  kNone,
  kAccount,  // its account: who may what there is left to the account's own policies
  kAnyone,   // "*"
  kIssuer,   // the role or user whose session it is
  kExact,
};

struct PrincipalElement {
  bool negated = false;  // NotPrincipal: everybody but those
  bool anyone = false;
  std::vector<std::string> accounts;  // ids
  std::vector<std::string> names;     // ARNs and unique ids
  std::vector<std::string> services;

  // Adds a value of the type "AWS", "Service", "Federated" or "CanonicalUser". False when it is
  // none that the type can have. The last two are taken, but nobody here is one.
  [[nodiscard]] bool add(std::string_view type, std::string_view value);
};

// "arn:aws:iam::ID:root" of an account id; anything else as it is.
[[nodiscard]] std::string account_root_arn(std::string_view value);

[[nodiscard]] PrincipalMatch match_principal(const PrincipalElement& element,
                                             const auth::Principal& principal, bool is_deny);

}  // namespace millrace::policy
