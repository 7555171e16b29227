#include <filesystem>

#include <fmt/format.h>

#include "audit/operations/integrity.h"
#include "json/writer.h"

namespace millrace::audit {

Result<std::string> describe_trail_bucket(json::Object input, const FindTrail& find_trail,
                                          const catalog::Site& site,
                                          const AuditSettings& settings) {
  const std::string_view member = input["TrailARN"];
  const std::string arn(member);
  const std::string begin =
      fmt::format("arn:aws:cloudtrail:{}:{}:trail/", site.region, site.account_id);
  if (!arn.starts_with(begin)) {
    return Error{ErrorCode::kCloudTrailARNInvalidException,
                 "Not the ARN of a trail of this account and region: " + arn};
  }
  const TrailPointer trail = find_trail(std::string_view(arn).substr(begin.size()));
  if (trail == nullptr) {
    return Error{ErrorCode::kTrailNotFoundException,
                 fmt::format("Unknown trail: {} for the user: {}", arn, site.account_id)};
  }
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("Bucket", trail->bucket);
  if (settings.s3_endpoint.empty()) {
    const auto directory = std::filesystem::path(settings.buckets_directory) / trail->bucket;
    std::error_code problem;
    auto absolute = std::filesystem::absolute(directory, problem);
    writer.member("Directory", (problem ? directory : absolute).lexically_normal().string());
  } else {
    writer.member("Endpoint", settings.s3_endpoint);
    writer.member("Region", settings.s3_region);
  }
  writer.end_object();
  return out;
}

}  // namespace millrace::audit
