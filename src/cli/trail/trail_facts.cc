#include "cli/trail/trail_facts.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "buckets/directory_bucket.h"
#include "buckets/s3_bucket.h"
#include "cli/client/answer.h"
#include "json/base64.h"
#include "json/writer.h"

namespace millrace::cli::trail {
namespace {

Call call_of(std::string_view operation, std::string_view member, std::string_view value,
             std::string_view prefix = kCloudTrailPrefix) {
  Call call{operation, "", prefix};
  json::Writer writer(call.body);
  writer.begin_object();
  writer.member(member, value);
  writer.end_object();
  return call;
}

// "arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME"
Result<TrailScope> scope_of(const std::string& arn) {
  std::vector<std::string> parts(1);
  for (const char c : arn) {
    if (c == ':' && parts.size() < 6) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  constexpr std::string_view kTrail = "trail/";
  if (parts.size() != 6 || parts[0] != "arn" || parts[2] != "cloudtrail" ||
      !parts[5].starts_with(kTrail)) {
    return Error{ErrorCode::kInvalidConfiguration, "Invalid trail ARN provided: " + arn};
  }
  TrailScope scope;
  scope.site = {.account_id = parts[4], .region = parts[3]};
  scope.name = parts[5].substr(kTrail.size());
  return scope;
}

}  // namespace

Result<TrailScope> find_trail(ServiceClient& client, const std::string& arn) {
  TrailScope scope = TRY(scope_of(arn));
  const auto trail_answer = TRY(client.call(call_of("GetTrail", "Name", arn)));
  const auto trail = find_object(root_of(trail_answer), "Trail");
  if (!trail) return Error{ErrorCode::kTrailNotFoundException, "Unknown trail: " + arn};
  scope.bucket = text_of(*trail, "S3BucketName");
  scope.key_prefix = text_of(*trail, "S3KeyPrefix");

  const auto trails = TRY(client.call({"DescribeTrails", "{}", kCloudTrailPrefix}));
  scope.shares_its_place =
      std::ranges::any_of(objects_of(root_of(trails), "trailList"), [&](json::Object other) {
        return text_of(other, "TrailARN") != arn &&
               text_of(other, "S3BucketName") == scope.bucket &&
               text_of(other, "S3KeyPrefix") == scope.key_prefix;
      });

  const auto status = TRY(client.call(call_of("GetTrailStatus", "Name", arn)));
  if (const auto seconds = find_number(root_of(status), "LatestDigestDeliveryTime")) {
    scope.latest_digest_delivery_milliseconds = std::llround(*seconds * 1000);
  }
  return scope;
}

Result<PublicKeys> find_public_keys(ServiceClient& client, int64_t start_milliseconds,
                                    int64_t end_milliseconds) {
  Call call{"ListPublicKeys", "", kCloudTrailPrefix};
  json::Writer writer(call.body);
  writer.begin_object();
  writer.key("StartTime");
  writer.timestamp_milliseconds(start_milliseconds);
  writer.key("EndTime");
  writer.timestamp_milliseconds(end_milliseconds);
  writer.end_object();
  const auto answer = TRY(client.call(call));
  PublicKeys keys;
  for (const json::Object key : objects_of(root_of(answer), "PublicKeyList")) {
    if (auto der = json::base64_decode(text_of(key, "Value"))) {
      keys.emplace(text_of(key, "Fingerprint"), std::move(*der));
    }
  }
  return keys;
}

Result<BucketPlace> find_bucket_place(ServiceClient& client, const std::string& arn) {
  const auto answer =
      TRY(client.call(call_of("DescribeTrailBucket", "TrailARN", arn, kMillracePrefix)));
  const json::Object root = root_of(answer);
  BucketPlace place{.directory = text_of(root, "Directory"),
                    .endpoint = text_of(root, "Endpoint"),
                    .region = text_of(root, "Region")};
  std::error_code problem;
  if (place.endpoint.empty() && !std::filesystem::is_directory(place.directory, problem)) {
    return Error{
        ErrorCode::kInvalidConfiguration,
        fmt::format("the trail's bucket is the directory {} on the server's machine, which "
                    "is not here: name it with --bucket-directory",
                    place.directory)};
  }
  return place;
}

OpenBucket bucket_opener(const BucketPlace& place, const std::string& bucket,
                         const auth::SigningCredentials& credentials) {
  if (place.endpoint.empty()) {
    return [directory = std::filesystem::path(place.directory), bucket](const std::string& name) {
      const auto path = name == bucket ? directory : directory.parent_path() / name;
      return std::make_unique<buckets::DirectoryBucket>(path.string());
    };
  }
  auto client = std::make_shared<buckets::SignedClient>(
      buckets::ServiceAccess{.access_key_id = credentials.access_key_id,
                             .secret_access_key = credentials.secret_access_key,
                             .session_token = credentials.session_token});
  return [place, client = std::move(client)](const std::string& name) {
    return std::make_unique<buckets::S3Bucket>(place.endpoint, place.region, name, client);
  };
}

}  // namespace millrace::cli::trail
