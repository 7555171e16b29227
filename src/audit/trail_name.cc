#include "audit/trail_name.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace millrace::audit {
namespace {

constexpr size_t kNameCharactersMin = 3;
constexpr size_t kNameCharactersMax = 128;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter_or_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_mark(char c) {
  return c == '.' || c == '_' || c == '-';
}

// "192.168.5.4"
bool is_ip_address(std::string_view name) {
  return std::ranges::count(name, '.') == 3 &&
         std::ranges::all_of(name, [](char c) { return is_digit(c) || c == '.'; });
}

Error invalid_name(std::string message) {
  return {ErrorCode::kInvalidTrailNameException, std::move(message)};
}
Error invalid_arn(std::string message) {
  return {ErrorCode::kCloudTrailARNInvalidException, std::move(message)};
}

}  // namespace

std::string trail_arn(const catalog::Site& site, std::string_view name) {
  return fmt::format("arn:aws:cloudtrail:{}:{}:trail/{}", site.region, site.account_id, name);
}

Status check_trail_name(std::string_view name) {
  if (name.empty()) return invalid_name("Trail name cannot be blank!");
  if (name.size() < kNameCharactersMin) {
    return invalid_name(fmt::format(
        "Trail name too short. Minimum allowed length: {} characters. Specified name length: {} "
        "characters.",
        kNameCharactersMin, name.size()));
  }
  if (name.size() > kNameCharactersMax) {
    return invalid_name(fmt::format(
        "Trail name too long. Maximum allowed length: {} characters. Specified name length: {} "
        "characters.",
        kNameCharactersMax, name.size()));
  }
  if (!is_letter_or_digit(name.front())) {
    return invalid_name("Trail name must starts with a letter or number.");
  }
  if (!is_letter_or_digit(name.back())) {
    return invalid_name("Trail name must ends with a letter or number.");
  }
  if (!std::ranges::all_of(name, [](char c) { return is_letter_or_digit(c) || is_mark(c); })) {
    return invalid_name(
        "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods "
        "(.), hyphens (-), and underscores (_).");
  }
  const auto adjacent = std::ranges::adjacent_find(
      name, [](char left, char right) { return is_mark(left) && is_mark(right); });
  if (adjacent != name.end()) {
    return invalid_name("Trail name cannot have adjacent periods, underscores or hyphens.");
  }
  if (is_ip_address(name)) return invalid_name("Trail name cannot be in IP address format.");
  return Done{};
}

Result<CloudTrailArn> parse_cloud_trail_arn(const catalog::Site& site, std::string_view arn) {
  constexpr size_t kFields = 5;  // arn, partition, service, region, account
  std::array<std::string_view, kFields> fields;
  for (std::string_view& field : fields) {
    const size_t end = arn.find(':');
    if (end == std::string_view::npos) return invalid_arn("The ARN is not valid.");
    field = arn.substr(0, end);
    arn.remove_prefix(end + 1);
  }
  const size_t slash = arn.find('/');
  if (fields[0] != "arn" || fields[1] != "aws" || fields[2] != "cloudtrail" || slash == 0 ||
      slash == std::string_view::npos || slash + 1 == arn.size()) {
    return invalid_arn("The ARN is not valid.");
  }
  if (fields[4] != site.account_id) {
    return invalid_arn(
        fmt::format("AccountID in ARN is wrong, you can only access resources with AccountID {}.",
                    site.account_id));
  }
  if (fields[3] != site.region) {
    return invalid_arn(fmt::format(
        "Region in ARN is wrong, you can only access resources in the region {}.", site.region));
  }
  return CloudTrailArn{std::string(arn.substr(0, slash)), std::string(arn.substr(slash + 1))};
}

Result<std::string> trail_name_of(const catalog::Site& site, std::string_view name_or_arn) {
  if (!name_or_arn.starts_with("arn:")) {
    TRY(check_trail_name(name_or_arn));
    return std::string(name_or_arn);
  }
  auto arn = TRY(parse_cloud_trail_arn(site, name_or_arn));
  if (arn.type != "trail" || !check_trail_name(arn.id)) {
    return invalid_arn("The ARN is not that of a trail.");
  }
  return std::move(arn.id);
}

}  // namespace millrace::audit
