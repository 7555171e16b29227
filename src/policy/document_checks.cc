#include "policy/document_checks.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "policy/arn_fields.h"
#include "policy/letters.h"
#include "policy/principal_element.h"

namespace millrace::policy {
namespace {

constexpr auto kPartitions =
    std::to_array<std::string_view>({"*", "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b",
                                     "aws-iso-e", "aws-iso-f", "aws-eusc"});
constexpr auto kIamResources = std::to_array<std::string_view>(
    {"user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/",
     "server-certificate/", "policy/", "sms-mfa/", "saml-provider/", "oidc-provider/", "report/",
     "access-report/"});

Error legacy_error() {
  return malformed("The policy failed legacy parsing");
}

std::string invalid_partition(std::string_view partition, std::string_view rest) {
  std::array<std::string_view, 3> fields;
  for (std::string_view& field : fields) {
    const bool there = !rest.empty();
    field = take_arn_field(rest);
    if (!there) field = "*";
  }
  return fmt::format("Partition \"{0}\" is not valid for resource \"arn:{0}:{1}:{2}:{3}:{4}\".",
                     partition, fields[0], fields[1], fields[2],
                     rest.empty() ? std::string_view("*") : rest);
}

std::string check_iam_resource(std::string_view resource, std::string_view rest) {
  const std::string_view region = take_arn_field(rest);
  if (!region.empty() && region != "*") {
    return fmt::format("IAM resource {} cannot contain region information.", resource);
  }
  (void)take_arn_field(rest);
  const bool known =
      rest.empty() || rest == "*" || rest == "root" ||
      std::ranges::any_of(kIamResources, [&](auto type) { return rest.starts_with(type); });
  if (known) return "";
  return fmt::format("IAM resource path must either be \"*\" or start with {}.",
                     fmt::join(kIamResources, ", "));
}

// What is wrong with its format; empty: nothing.
std::string check_resource_format(std::string_view resource) {
  if (resource == "*") return "";
  std::string_view rest = resource;
  if (rest.find(':') == std::string_view::npos) {
    return fmt::format("Resource {} must be in ARN format or \"*\".", resource);
  }
  const std::string_view scheme = take_arn_field(rest);
  const bool has_vendor = rest.find(':') != std::string_view::npos;
  const std::string_view partition = take_arn_field(rest);
  if (std::ranges::find(kPartitions, partition) == kPartitions.end()) {
    return invalid_partition(partition, rest);
  }
  if (scheme != "arn" && scheme != "*") {
    return fmt::format("Resource {} must be in ARN format or \"*\".", resource);
  }
  if (!has_vendor) return "Resource vendor must be fully qualified and cannot contain regexes.";
  const std::string_view vendor = take_arn_field(rest);
  return vendor == "iam" ? check_iam_resource(resource, rest) : "";
}

// What an older parser has against a resource.
bool passes_legacy_parser(std::string_view resource) {
  constexpr ptrdiff_t kColons = 5;
  if (resource == "*") return true;
  const bool is_short = std::count(resource.begin(), resource.end(), ':') < kColons;
  if (is_short && resource.find("::") != std::string_view::npos) return false;
  (void)take_arn_field(resource);
  (void)take_arn_field(resource);
  return !take_arn_field(resource).empty();
}

// `format_error` is set to the first error of a format, which other checks go before.
Status check_resources(const DocumentText& document, std::string& format_error) {
  for (const StatementText& statement : document.statements) {
    for (const auto* resources : {&statement.resources, &statement.not_resources}) {
      if (!*resources) continue;
      for (const std::string_view resource : **resources) {
        auto error = check_resource_format(resource);
        if (error.empty() && !passes_legacy_parser(resource)) return legacy_error();
        if (format_error.empty()) format_error = std::move(error);
      }
    }
  }
  return Done{};
}

Status check_ids(const DocumentText& document, DocumentKind kind) {
  const bool is_identity = kind == DocumentKind::kIdentity;
  Texts ids;
  for (const StatementText& statement : document.statements) {
    if (!statement.id || statement.id->empty()) continue;
    ids.push_back(*statement.id);
    const bool alphanumeric = std::ranges::all_of(*statement.id, [](char c) {
      return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
    });
    if (is_identity && !alphanumeric) {
      return malformed(
          "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
          "expression [0-9A-Za-z]*");
    }
  }
  std::ranges::sort(ids);
  if (std::ranges::adjacent_find(ids) == ids.end()) return Done{};
  return malformed(is_identity ? "Statement IDs (SID) in a single policy must be unique."
                               : "The Statement Ids in the policy are not unique");
}

bool has_any(const std::optional<Texts>& texts, const std::optional<Texts>& others) {
  return (texts && !texts->empty()) || (others && !others->empty());
}

Status check_actions_there(const DocumentText& document, DocumentKind kind) {
  for (const StatementText& statement : document.statements) {
    if (has_any(statement.actions, statement.not_actions)) continue;
    return malformed(kind == DocumentKind::kIdentity ? "Policy statement must contain actions."
                                                     : "Missing required field Action");
  }
  return Done{};
}

Status check_action(std::string_view action) {
  if (action == "*") return Done{};
  const size_t colon = action.find(':');
  if (colon == std::string_view::npos) {
    return malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  }
  if (action.find(':', colon + 1) != std::string_view::npos) {
    return malformed("Actions/Condition can contain only one colon.");
  }
  const std::string_view vendor = action.substr(0, colon);
  const bool valid = vendor == "*" || std::ranges::all_of(vendor, [](char c) {
                       return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
                              c == '-' || c == '.';
                     });
  if (!valid) return malformed(fmt::format("Vendor {} is not valid", vendor));
  return Done{};
}

Status check_actions(const DocumentText& document, DocumentKind kind) {
  for (const StatementText& statement : document.statements) {
    for (const auto* actions : {&statement.actions, &statement.not_actions}) {
      if (!*actions) continue;
      for (const std::string_view action : **actions) {
        TRY(check_action(action));
        if (kind == DocumentKind::kRoleTrust && !equal_ignoring_case(action.substr(0, 4), "sts:")) {
          return malformed("AssumeRole policy may only specify STS AssumeRole actions.");
        }
      }
    }
  }
  return Done{};
}

Status check_resources_there(const DocumentText& document, DocumentKind kind) {
  for (const StatementText& statement : document.statements) {
    if (kind == DocumentKind::kRoleTrust) {
      if (statement.resources || statement.not_resources) {
        return malformed("Has prohibited field Resource");
      }
    } else if (!has_any(statement.resources, statement.not_resources)) {
      return malformed(kind == DocumentKind::kIdentity ? "Policy statement must contain resources."
                                                       : "Missing required field Resource");
    }
  }
  return Done{};
}

Status check_principals_there(const DocumentText& document, DocumentKind kind) {
  for (const StatementText& statement : document.statements) {
    const bool there = statement.principals || statement.not_principals;
    if (kind == DocumentKind::kIdentity) {
      if (there) return malformed("Policy document should not specify a principal.");
      continue;
    }
    const auto& principals = statement.principals ? statement.principals : statement.not_principals;
    if (!there || principals->empty()) return malformed("Missing required field Principal");
  }
  return Done{};
}

Status check_effects(const DocumentText& document, DocumentKind kind) {
  const auto spelled = [&](std::string_view effect, std::string_view as) {
    return kind == DocumentKind::kIdentity ? effect == as : equal_ignoring_case(effect, as);
  };
  for (const StatementText& statement : document.statements) {
    const std::string_view effect = *statement.effect;
    if (spelled(effect, "Allow") || spelled(effect, "Deny")) continue;
    const bool other_case =
        equal_ignoring_case(effect, "Allow") || equal_ignoring_case(effect, "Deny");
    return other_case ? legacy_error() : syntax_error();
  }
  return Done{};
}

Error invalid_principal(const PrincipalText& principal, DocumentKind kind) {
  if (kind == DocumentKind::kResource) return malformed("Invalid principal in policy document.");
  std::string type(principal.type);
  std::ranges::transform(type, type.begin(), upper);
  return malformed(
      fmt::format("Invalid principal in policy: \"{}\":\"{}\"", type, principal.value));
}

}  // namespace

Status check_principals(const DocumentText& document, DocumentKind kind) {
  for (const StatementText& statement : document.statements) {
    for (const auto* principals : {&statement.principals, &statement.not_principals}) {
      if (!*principals) continue;
      for (const PrincipalText& principal : **principals) {
        PrincipalElement element;
        const std::string_view type = principal.type.empty() ? "AWS" : principal.type;
        if (!element.add(type, principal.value)) return invalid_principal(principal, kind);
      }
    }
  }
  return Done{};
}

Status check_version(const DocumentText& document, DocumentKind kind) {
  if (kind != DocumentKind::kIdentity || document.version == "2012-10-17") return Done{};
  return malformed("Policy document must be version 2012-10-17 or greater.");
}

Status check_document(const DocumentText& document, DocumentKind kind) {
  TRY(check_effects(document, kind));
  TRY(check_principals_there(document, kind));
  std::string format_error;
  TRY(check_resources(document, format_error));
  TRY(check_ids(document, kind));
  TRY(check_actions_there(document, kind));
  if (!format_error.empty() && kind != DocumentKind::kRoleTrust) return malformed(format_error);
  TRY(check_actions(document, kind));
  return check_resources_there(document, kind);
}

}  // namespace millrace::policy
