#include "audit/digest_file.h"

#include <algorithm>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "audit/digest_time.h"
#include "auth/digest.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::audit {
namespace {

constexpr std::string_view kHashAlgorithm = "SHA-256";

std::string in_prefix(std::string_view prefix, const std::string& path) {
  return prefix.empty() ? path : fmt::format("{}/{}", prefix, path);
}

std::string formatted(const char* format, int64_t milliseconds) {
  return fmt::format(fmt::runtime(format), fmt::gmtime(static_cast<time_t>(milliseconds / 1000)));
}

void write_text_or_null(json::Writer& writer, std::string_view name, std::string_view value) {
  writer.key(name);
  if (value.empty()) {
    writer.null();
  } else {
    writer.string(value);
  }
}

void write_log_file(json::Writer& writer, const Digest& digest, const DigestedLogFile& file) {
  writer.begin_object();
  writer.member("s3Bucket", digest.bucket);
  writer.member("s3Object", file.object);
  writer.member("hashValue", file.hash_value);
  writer.member("hashAlgorithm", kHashAlgorithm);
  writer.member("newestEventTime", digest_time(file.newest_event_milliseconds));
  writer.member("oldestEventTime", digest_time(file.oldest_event_milliseconds));
  writer.end_object();
}

// Of all events in it; none, where there are no files.
void write_event_times(json::Writer& writer, const std::vector<DigestedLogFile>& files) {
  std::string newest;
  std::string oldest;
  if (!files.empty()) {
    newest = digest_time(std::ranges::max(files, {}, &DigestedLogFile::newest_event_milliseconds)
                             .newest_event_milliseconds);
    oldest = digest_time(std::ranges::min(files, {}, &DigestedLogFile::oldest_event_milliseconds)
                             .oldest_event_milliseconds);
  }
  write_text_or_null(writer, "newestEventTime", newest);
  write_text_or_null(writer, "oldestEventTime", oldest);
}

void write_previous(json::Writer& writer, const PreviousDigest& previous) {
  write_text_or_null(writer, "previousDigestS3Bucket", previous.bucket);
  write_text_or_null(writer, "previousDigestS3Object", previous.object);
  write_text_or_null(writer, "previousDigestHashValue", previous.hash_value);
  write_text_or_null(writer, "previousDigestHashAlgorithm",
                     previous.hash_value.empty() ? std::string_view() : kHashAlgorithm);
  write_text_or_null(writer, "previousDigestSignature", previous.signature);
}

// Members of an object, read until the first that is not as it must be.
class Members {
 public:
  explicit Members(json::Object object) : object_(object) {}

  [[nodiscard]] bool ok() const { return ok_; }
  std::string text(std::string_view name) {
    std::string value = text_or_null(name);
    ok_ = ok_ && !value.empty();
    return value;
  }
  // Empty: null.
  std::string text_or_null(std::string_view name) {
    const auto element = json::member(object_, name);
    if (!element) return {};
    std::string_view value;
    ok_ = ok_ && element->get(value) == simdjson::SUCCESS;
    return std::string(value);
  }
  int64_t time(std::string_view name) {
    const auto value = parse_digest_time(text(name));
    ok_ = ok_ && value;
    return value.value_or(0);
  }
  void equals(std::string_view name, std::string_view value) {
    ok_ = text_or_null(name) == value && ok_;
  }

 private:
  json::Object object_;
  bool ok_ = true;
};

bool read_log_files(json::Object root, Digest& digest) {
  json::Array files;
  const auto element = json::member(root, "logFiles");
  if (!element || element->get(files) != simdjson::SUCCESS) return false;
  for (const json::Element file : files) {
    json::Object object;
    if (file.get(object) != simdjson::SUCCESS) return false;
    Members members(object);
    members.equals("s3Bucket", digest.bucket);
    members.equals("hashAlgorithm", kHashAlgorithm);
    digest.log_files.push_back({.object = members.text("s3Object"),
                                .hash_value = members.text("hashValue"),
                                .oldest_event_milliseconds = members.time("oldestEventTime"),
                                .newest_event_milliseconds = members.time("newestEventTime")});
    if (!members.ok()) return false;
  }
  return true;
}

}  // namespace

std::string log_file_object(const catalog::Site& site, std::string_view prefix,
                            int64_t milliseconds, std::string_view random) {
  return in_prefix(prefix,
                   fmt::format("AWSLogs/{0}/CloudTrail/{1}/{2}/{0}_CloudTrail_{1}_{3}_{4}"
                               ".json.gz",
                               site.account_id, site.region, formatted("{:%Y/%m/%d}", milliseconds),
                               formatted("{:%Y%m%dT%H%MZ}", milliseconds), random));
}

std::string log_file_object_prefix(const catalog::Site& site, std::string_view prefix) {
  return in_prefix(prefix, fmt::format("AWSLogs/{}/CloudTrail/{}/", site.account_id, site.region));
}

std::optional<int64_t> log_file_time(std::string_view object) {
  // The random part is the last, after the time.
  const size_t random = object.rfind('_');
  if (random == std::string_view::npos || !object.ends_with(".json.gz")) return std::nullopt;
  const size_t time = object.substr(0, random).rfind('_');
  if (time == std::string_view::npos) return std::nullopt;
  const std::string_view text = object.substr(time + 1, random - time - 1);
  if (text.size() != 14 || !text.ends_with('Z')) return std::nullopt;
  return parse_compact_time(std::string(text.substr(0, 13)) + "00Z");
}

std::string digest_object(const catalog::Site& site, std::string_view prefix,
                          std::string_view trail_name, int64_t end_milliseconds) {
  return fmt::format("{0}{1}_CloudTrail-Digest_{2}_{3}_{2}_{4}.json.gz",
                     digest_object_prefix(site, prefix, end_milliseconds), site.account_id,
                     site.region, trail_name, formatted("{:%Y%m%dT%H%M%SZ}", end_milliseconds));
}

std::string digest_object_prefix(const catalog::Site& site, std::string_view prefix,
                                 int64_t milliseconds) {
  return digest_object_prefix(site, prefix) + formatted("{:%Y/%m/%d/}", milliseconds);
}

std::string digest_object_prefix(const catalog::Site& site, std::string_view prefix) {
  return in_prefix(prefix,
                   fmt::format("AWSLogs/{}/CloudTrail-Digest/{}/", site.account_id, site.region));
}

std::optional<int64_t> digest_object_time(const catalog::Site& site, std::string_view prefix,
                                          std::string_view trail_name, std::string_view object) {
  constexpr std::string_view kEnd = "20260102T030405Z.json.gz";
  if (object.size() < kEnd.size()) return std::nullopt;
  const auto time = parse_compact_time(object.substr(object.size() - kEnd.size(), 16));
  if (!time || digest_object(site, prefix, trail_name, *time) != object) return std::nullopt;
  return time;
}

std::string digest_text(const catalog::Site& site, const Digest& digest) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("awsAccountId", site.account_id);
  writer.member("digestStartTime", digest_time(digest.start_milliseconds));
  writer.member("digestEndTime", digest_time(digest.end_milliseconds));
  writer.member("digestS3Bucket", digest.bucket);
  writer.member("digestS3Object", digest.object);
  writer.member("digestPublicKeyFingerprint", digest.public_key_fingerprint);
  writer.member("digestSignatureAlgorithm", kSignatureAlgorithm);
  write_event_times(writer, digest.log_files);
  write_previous(writer, digest.previous);
  writer.key("logFiles");
  writer.begin_array();
  for (const DigestedLogFile& file : digest.log_files) write_log_file(writer, digest, file);
  writer.end_array();
  writer.end_object();
  return out;
}

std::optional<Digest> parse_digest(std::string_view text) {
  const auto document = json::Document::parse(text);
  json::Object root;
  if (!document || document->root().get(root) != simdjson::SUCCESS) return std::nullopt;
  Members members(root);
  Digest digest;
  digest.start_milliseconds = members.time("digestStartTime");
  digest.end_milliseconds = members.time("digestEndTime");
  digest.bucket = members.text("digestS3Bucket");
  digest.object = members.text("digestS3Object");
  digest.public_key_fingerprint = members.text("digestPublicKeyFingerprint");
  digest.previous = {.bucket = members.text_or_null("previousDigestS3Bucket"),
                     .object = members.text_or_null("previousDigestS3Object"),
                     .hash_value = members.text_or_null("previousDigestHashValue"),
                     .signature = members.text_or_null("previousDigestSignature")};
  members.equals("digestSignatureAlgorithm", kSignatureAlgorithm);
  members.equals("previousDigestHashAlgorithm",
                 digest.previous.hash_value.empty() ? std::string_view() : kHashAlgorithm);
  if (!members.ok() || !read_log_files(root, digest)) return std::nullopt;
  return digest;
}

std::string digest_text_to_sign(const Digest& digest, std::string_view text) {
  std::string hash;
  auth::append_hex(hash, auth::sha256(text));
  return fmt::format("{}\n{}/{}\n{}\n{}", digest_time(digest.end_milliseconds), digest.bucket,
                     digest.object, hash,
                     digest.previous.signature.empty() ? "null" : digest.previous.signature);
}

}  // namespace millrace::audit
