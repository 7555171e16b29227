#include "audit/operations/trail_settings.h"

#include <fmt/format.h>

#include "audit/kms_key_arn.h"
#include "buckets/names.h"
#include "logs/arn.h"

namespace millrace::audit {
namespace {

constexpr size_t kKeyPrefixCharactersMax = 200;

Status refuse_unsupported(const TrailCall& call) {
  if (!text_of(call, "SnsTopicName").value_or("").empty()) {
    return Error{ErrorCode::kInvalidSnsTopicNameException,
                 "SnsTopicName is not supported by this version of Millrace: it has no topics."};
  }
  if (flag_of(call, "IsOrganizationTrail").value_or(false)) {
    return Error{ErrorCode::kUnsupportedOperationException,
                 "IsOrganizationTrail is not supported by this version of Millrace: it has no "
                 "organizations."};
  }
  return Done{};
}

Status check_bucket_name(const std::string& bucket) {
  if (buckets::is_bucket_name(bucket)) return Done{};
  return Error{ErrorCode::kInvalidS3BucketNameException,
               "The S3 bucket name is not valid: it must have between 3 and 63 lowercase letters, "
               "numbers, periods and hyphens, and begin and end with a letter or number."};
}

// Without slashes at its ends.
Result<std::string> key_prefix_of(std::string_view prefix) {
  if (prefix.size() > kKeyPrefixCharactersMax) {
    return Error{ErrorCode::kInvalidS3PrefixException,
                 fmt::format("S3 prefix is longer than the maximum length of {} characters.",
                             kKeyPrefixCharactersMax)};
  }
  while (prefix.starts_with('/')) prefix.remove_prefix(1);
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!prefix.empty() && !buckets::check_object_name(prefix)) {
    return Error{ErrorCode::kInvalidS3PrefixException,
                 "S3 prefix is not the beginning of an object's key."};
  }
  return std::string(prefix);
}

// The service insists on what CloudWatch Logs shows as the ARN of a group: with ":*" at its end.
Status check_log_group_arn(const catalog::Site& site, const std::string& arn) {
  if (arn.empty() || (arn.ends_with(":*") && logs::group_name_of_arn(site, arn))) return Done{};
  return Error{ErrorCode::kInvalidCloudWatchLogsLogGroupArnException,
               "CloudTrail cannot validate the specified log group ARN."};
}

// "arn:aws:iam::ACCOUNT:role/PATH/NAME"
Status check_role_arn(const catalog::Site& site, const std::string& arn) {
  const std::string beginning = fmt::format("arn:aws:iam::{}:role/", site.account_id);
  constexpr size_t kRoleArnCharactersMax = 2048;
  if (arn.empty() || (arn.starts_with(beginning) && arn.size() > beginning.size() &&
                      arn.size() <= kRoleArnCharactersMax)) {
    return Done{};
  }
  return Error{ErrorCode::kInvalidCloudWatchLogsRoleArnException,
               "CloudTrail cannot validate the specified role ARN."};
}

template <typename T>
void assign(T& member, const std::optional<T>& value) {
  if (value) member = *value;
}

}  // namespace

Result<TrailSettings> read_trail_settings(const TrailCall& call) {
  const catalog::Site& site = call.services.site;
  TRY(refuse_unsupported(call));
  TrailSettings settings;
  settings.bucket = text_of(call, "S3BucketName");
  if (settings.bucket) TRY(check_bucket_name(*settings.bucket));
  if (const auto prefix = text_of(call, "S3KeyPrefix")) {
    settings.key_prefix = TRY(key_prefix_of(*prefix));
  }
  settings.log_group_arn = text_of(call, "CloudWatchLogsLogGroupArn");
  TRY(check_log_group_arn(site, settings.log_group_arn.value_or("")));
  settings.log_role_arn = text_of(call, "CloudWatchLogsRoleArn");
  TRY(check_role_arn(site, settings.log_role_arn.value_or("")));
  if (const auto key = text_of(call, "KmsKeyId")) {
    settings.kms_key_id = key->empty() ? "" : TRY(kms_key_arn(site, *key));
  }
  settings.log_file_validation = flag_of(call, "EnableLogFileValidation");
  settings.multi_region = flag_of(call, "IsMultiRegionTrail");
  settings.include_global_service_events = flag_of(call, "IncludeGlobalServiceEvents");
  return settings;
}

Status apply(const TrailSettings& settings, Trail& trail) {
  assign(trail.bucket, settings.bucket);
  assign(trail.key_prefix, settings.key_prefix);
  assign(trail.log_group_arn, settings.log_group_arn);
  assign(trail.log_role_arn, settings.log_role_arn);
  assign(trail.kms_key_id, settings.kms_key_id);
  assign(trail.log_file_validation, settings.log_file_validation);
  assign(trail.multi_region, settings.multi_region);
  assign(trail.include_global_service_events, settings.include_global_service_events);
  if (trail.multi_region && !trail.include_global_service_events) {
    return Error{ErrorCode::kInvalidParameterCombinationException,
                 "Multi-Region trail must include global service events."};
  }
  if (!trail.log_group_arn.empty() && trail.log_role_arn.empty()) {
    return Error{ErrorCode::kInvalidCloudWatchLogsRoleArnException,
                 "You must specify a role ARN as well as a log group."};
  }
  if (trail.log_group_arn.empty() && !trail.log_role_arn.empty()) {
    return Error{ErrorCode::kInvalidCloudWatchLogsLogGroupArnException,
                 "You must specify a log group as well as a role ARN."};
  }
  return Done{};
}

void check_destinations(const TrailServices& services, const Trail& trail,
                        std::function<void(Status)> done) {
  if (!trail.log_group_arn.empty()) {
    auto group = services.delivery.check_log_group(trail.log_group_arn);
    if (!group) return done(std::move(group));
  }
  services.delivery.check_bucket(trail.bucket, trail.key_prefix, std::move(done));
}

}  // namespace millrace::audit
