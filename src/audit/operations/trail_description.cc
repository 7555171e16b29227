#include "audit/operations/trail_description.h"

#include "audit/selectors_json.h"

namespace millrace::audit {
namespace {

void write_text_if_any(json::Writer& writer, std::string_view name, const std::string& text) {
  if (!text.empty()) writer.member(name, text);
}

void write_members(json::Writer& writer, const Trail& trail) {
  writer.member("Name", trail.name);
  writer.member("S3BucketName", trail.bucket);
  write_text_if_any(writer, "S3KeyPrefix", trail.key_prefix);
  writer.member("IncludeGlobalServiceEvents", trail.include_global_service_events);
  writer.member("IsMultiRegionTrail", trail.multi_region);
  writer.member("TrailARN", trail.arn);
  writer.member("LogFileValidationEnabled", trail.log_file_validation);
  write_text_if_any(writer, "CloudWatchLogsLogGroupArn", trail.log_group_arn);
  write_text_if_any(writer, "CloudWatchLogsRoleArn", trail.log_role_arn);
  write_text_if_any(writer, "KmsKeyId", trail.kms_key_id);
  writer.member("IsOrganizationTrail", false);
}

}  // namespace

void write_trail_settings(json::Writer& writer, const Trail& trail) {
  writer.begin_object();
  write_members(writer, trail);
  writer.end_object();
}

void write_trail_description(json::Writer& writer, const catalog::Site& site, const Trail& trail) {
  writer.begin_object();
  write_members(writer, trail);
  writer.member("HomeRegion", site.region);
  writer.member("HasCustomEventSelectors", !(trail.selectors == default_selectors()));
  writer.member("HasInsightSelectors", false);
  writer.end_object();
}

void write_trail_selectors(json::Writer& writer, const Trail& trail) {
  writer.begin_object();
  writer.member("TrailARN", trail.arn);
  if (trail.selectors.advanced.empty()) {
    writer.key("EventSelectors");
    write_basic_selectors(writer, trail.selectors.basic);
  } else {
    writer.key("AdvancedEventSelectors");
    write_advanced_selectors(writer, trail.selectors.advanced);
  }
  writer.end_object();
}

}  // namespace millrace::audit
