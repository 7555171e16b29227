#include "ops/tag_request.h"

#include <algorithm>

#include <fmt/format.h>

#include "ops/input.h"
#include "ops/tag_text.h"

namespace millrace::ops {
namespace {

constexpr size_t kKeyLengthMax = 128;
constexpr size_t kValueLengthMax = 256;
constexpr std::string_view kReservedPrefix = "aws:";
constexpr size_t kTableNameLengthMin = 3;

Error invalid_tag_part(std::string_view part, std::optional<std::string_view> text) {
  return validation_error(
      fmt::format("The Tag {0} provided is invalid, {0}: {1}", part, text.value_or("null")));
}

Status check_tag_key(std::optional<std::string_view> key) {
  if (!key || key->empty() || !is_tag_text(*key) || tag_text_length(*key) > kKeyLengthMax) {
    return invalid_tag_part("Key", key);
  }
  if (key->starts_with(kReservedPrefix)) {
    return validation_error(
        fmt::format("Tag Key cannot be prefixed with {}, Key: {}", kReservedPrefix, *key));
  }
  return Done{};
}

Status check_tag_value(std::optional<std::string_view> value) {
  if (!value || !is_tag_text(*value) || tag_text_length(*value) > kValueLengthMax) {
    return invalid_tag_part("Value", value);
  }
  return Done{};
}

// What lacks of the form arn:partition:service:region:account:type/name, or nullptr.
const char* missing_field(std::string_view arn) {
  const auto colons = std::count(arn.begin(), arn.end(), ':');
  const bool has_fields = colons >= 5 && arn.find('/') != std::string_view::npos;
  if (!arn.starts_with("arn:")) return has_fields ? nullptr : "ARNs must start with 'arn:'";
  constexpr const char* kMissing[] = {"Second colon partition not found",
                                      "Third colon vendor not found",
                                      "Fourth colon (region/namespace delimiter) not found",
                                      "Fifth colon (namespace/relative-id delimiter) not found"};
  return colons < 5 ? kMissing[colons - 1] : nullptr;
}

Error invalid_table_arn(std::string_view arn) {
  return validation_error(
      fmt::format("Invalid TableArn: Invalid ResourceArn provided as input {}", arn));
}

}  // namespace

Status check_tag_count(size_t count) {
  if (count <= kTagsMax) return Done{};
  return validation_error("Number of Tags exceed the current limit for the provided ResourceArn");
}

Result<catalog::Tags> read_tags(json::Object input) {
  catalog::Tags tags;
  for (const json::Object tag : objects_of(input, "Tags")) {
    const auto key = optional_string(tag, "Key");
    const auto value = optional_string(tag, "Value");
    TRY(check_tag_key(key));
    TRY(check_tag_value(value));
    if (!tags.emplace(*key, *value).second) {
      return validation_error(
          fmt::format("Duplicate Tag Keys provided as input: Duplicate Tag Key found {}", *key));
    }
  }
  TRY(check_tag_count(tags.size()));
  return tags;
}

Result<std::vector<std::string>> read_tag_keys(json::Object input) {
  std::vector<std::string> keys;
  json::Array array;
  const auto member = json::member(input, "TagKeys");
  if (!member || member->get(array) != simdjson::SUCCESS) return keys;
  for (const json::Element element : array) {
    std::string_view text;
    const bool present = element.get(text) == simdjson::SUCCESS;
    TRY(check_tag_key(present ? std::optional(text) : std::nullopt));
    keys.emplace_back(text);
  }
  TRY(check_tag_count(keys.size()));
  return keys;
}

Result<std::string> read_resource_arn(json::Object input) {
  const auto arn = optional_string(input, "ResourceArn");
  if (!arn) return validation_error("Invalid TableArn");
  if (const char* missing = missing_field(*arn)) {
    return validation_error(
        fmt::format("One or more parameter values were invalid: {}: {}", missing, *arn));
  }
  return std::string(*arn);
}

Result<std::string> tagged_table_name(const catalog::Site& site, const std::string& resource_arn) {
  const auto parsed = catalog::parse_table_arn(resource_arn);
  if (!parsed || parsed->table_name.size() < kTableNameLengthMin) {
    return invalid_table_arn(resource_arn);
  }
  if (parsed->account_id != site.account_id) {
    return Error{ErrorCode::kAccessDeniedException, "Access is denied"};
  }
  if (parsed->region != site.region) return invalid_table_arn(resource_arn);
  return parsed->table_name;
}

Status require_list(json::Object input, std::string_view name, std::string_view name_in_message) {
  if (json::member(input, name)) return Done{};
  return validation_error(
      fmt::format("1 validation error detected: Value null at '{}' failed to satisfy constraint: "
                  "Member must not be null",
                  name_in_message));
}

Error resource_not_found(std::string_view resource_arn) {
  // The service's own spelling.
  return {ErrorCode::kResourceNotFoundException,
          fmt::format("Requested resource not found: ResourcArn: {} not found", resource_arn)};
}

}  // namespace millrace::ops
