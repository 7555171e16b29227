#include "policy/principal_element.h"

#include <algorithm>
#include <array>

#include "policy/letters.h"

namespace millrace::policy {
namespace {

constexpr size_t kAccountIdDigits = 12;

bool is_account_id(std::string_view text) {
  return text.size() == kAccountIdDigits &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "AIDACKCEVSQ6C2EXAMPLE": what IAM puts for the ARN of somebody who is no more.
bool is_unique_id(std::string_view text) {
  constexpr size_t kLengthMin = 16;
  constexpr size_t kLengthMax = 128;
  if (text.size() < kLengthMin || text.size() > kLengthMax) return false;
  if (!text.starts_with("AIDA") && !text.starts_with("AROA")) return false;
  return std::ranges::all_of(
      text, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

struct PrincipalArn {
  std::string_view service;
  std::string_view account_id;
  std::string_view resource;
};

// "arn:aws:iam::ACCOUNT:resource"
std::optional<PrincipalArn> split_arn(std::string_view arn) {
  std::array<std::string_view, 5> fields;
  for (std::string_view& field : fields) {
    const size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    field = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  const bool is_partition = fields[1] == "aws" || fields[1].starts_with("aws-");
  if (fields[0] != "arn" || !is_partition || !fields[3].empty() || !is_account_id(fields[4])) {
    return std::nullopt;
  }
  return PrincipalArn{fields[2], fields[4], arn};
}

// Whether it is `prefix` and then something without wildcards.
bool is_name(std::string_view resource, std::string_view prefix) {
  return resource.starts_with(prefix) && resource.size() > prefix.size() &&
         resource.find_first_of("*?") == std::string_view::npos;
}

bool is_service_name(std::string_view text) {
  const bool known_end = text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn");
  return known_end && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

bool add_aws(PrincipalElement& element, std::string_view value) {
  if (value == "*") {
    element.anyone = true;
    return true;
  }
  if (is_account_id(value)) {
    element.accounts.emplace_back(value);
    return true;
  }
  if (is_unique_id(value)) {
    element.names.emplace_back(value);
    return true;
  }
  const auto arn = split_arn(value);
  if (!arn) return false;
  if (arn->service == "iam" && arn->resource == "root") {
    element.accounts.emplace_back(arn->account_id);
    return true;
  }
  const bool is_identity =
      arn->service == "iam" && (is_name(arn->resource, "user/") || is_name(arn->resource, "role/"));
  const bool is_session = arn->service == "sts" && (is_name(arn->resource, "assumed-role/") ||
                                                    is_name(arn->resource, "federated-user/"));
  if (!is_identity && !is_session) return false;
  element.names.emplace_back(value);
  return true;
}

bool names(const std::vector<std::string>& list, std::string_view value) {
  return !value.empty() && std::ranges::find(list, value) != list.end();
}

PrincipalMatch best_match(const PrincipalElement& element, const auth::Principal& principal) {
  if (names(element.services, principal.service_name) || names(element.names, principal.arn) ||
      names(element.names, principal.id)) {
    return PrincipalMatch::kExact;
  }
  const bool is_account = names(element.accounts, principal.account_id);
  if (is_account && principal.type == auth::PrincipalType::kRoot) return PrincipalMatch::kExact;
  if (names(element.names, principal.issuer_arn) || names(element.names, principal.issuer_id)) {
    return PrincipalMatch::kIssuer;
  }
  if (element.anyone) return PrincipalMatch::kAnyone;
  return is_account ? PrincipalMatch::kAccount : PrincipalMatch::kNone;
}

}  // namespace

bool PrincipalElement::add(std::string_view type, std::string_view value) {
  if (type == "AWS") return add_aws(*this, value);
  if (type == "Service") {
    if (!is_service_name(value)) return false;
    services.emplace_back(value);
    return true;
  }
  return !value.empty() && (type == "Federated" || type == "CanonicalUser");
}

std::string account_root_arn(std::string_view value) {
  if (!is_account_id(value)) return std::string(value);
  return "arn:aws:iam::" + std::string(value) + ":root";
}

PrincipalMatch match_principal(const PrincipalElement& element, const auth::Principal& principal,
                               bool is_deny) {
  const PrincipalMatch match = best_match(element, principal);
  if (!element.negated) return match;
  // Who is to escape a Deny has to be named himself: his account does not suffice. An Allow excepts
  // everybody it could mean.
  const bool excepted = is_deny ? match == PrincipalMatch::kExact : match != PrincipalMatch::kNone;
  return excepted ? PrincipalMatch::kNone : PrincipalMatch::kAnyone;
}

}  // namespace millrace::policy
