#include "audit/delivery/trail_buckets.h"

#include <array>

#include <fmt/format.h>

#include "buckets/directory_bucket.h"
#include "buckets/names.h"
#include "buckets/s3_bucket.h"

namespace millrace::audit {
namespace {

struct Symptom {
  std::string_view text;
  std::string_view code;
};
// Of failures without an error document of S3.
constexpr std::array<Symptom, 4> kSymptoms = {{
    {"status 403", "AccessDenied"},
    {"status 404", "NoSuchBucket"},
    {"status 503", "SlowDown"},
    {"Timeout was reached", "RequestTimeout"},
}};

}  // namespace

TrailBuckets::TrailBuckets(const AuditSettings& settings) : settings_(settings) {}

Status TrailBuckets::put(const std::string& bucket, const buckets::Object& object) {
  buckets::Bucket* const opened = TRY(open(bucket));
  return opened->put(object);
}

Result<buckets::Bucket*> TrailBuckets::open(const std::string& name) {
  if (!buckets::is_bucket_name(name)) {
    return Error{ErrorCode::kInvalidS3BucketNameException, "Bucket name is not valid: " + name};
  }
  const std::lock_guard lock(mutex_);
  Way& way = ways_[name];
  if (way.bucket) return way.bucket.get();
  if (settings_.s3_endpoint.empty()) {
    way.bucket = std::make_unique<buckets::DirectoryBucket>(
        fmt::format("{}/{}", settings_.buckets_directory, name));
    return way.bucket.get();
  }
  way.client = std::make_shared<buckets::SignedClient>(
      buckets::ServiceAccess{.access_key_id = settings_.s3_access_key_id,
                             .secret_access_key = settings_.s3_secret_access_key});
  if (stopped_) way.client->stop();
  std::string endpoint = settings_.s3_endpoint;
  while (endpoint.ends_with('/')) endpoint.pop_back();
  way.bucket = std::make_unique<buckets::S3Bucket>(std::move(endpoint), settings_.s3_region, name,
                                                   way.client);
  return way.bucket.get();
}

void TrailBuckets::keep_only(const std::set<std::string>& buckets) {
  const std::lock_guard lock(mutex_);
  std::erase_if(ways_, [&](const auto& way) { return !buckets.contains(way.first); });
}

void TrailBuckets::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (const auto& [name, way] : ways_) {
    if (way.client) way.client->stop();
  }
}

std::string delivery_error_code(const Error& error) {
  if (error.code == ErrorCode::kInternalServerError) return "InternalError";
  if (error.code == ErrorCode::kInvalidS3BucketNameException) return "InvalidBucketName";
  std::string code = buckets::s3_error_code(error);
  if (!code.empty()) return code;
  for (const Symptom& symptom : kSymptoms) {
    if (error.message.find(symptom.text) != std::string::npos) return std::string(symptom.code);
  }
  return "ServiceUnavailable";
}

}  // namespace millrace::audit
