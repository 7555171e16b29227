#include "cli/trail/digest_chain.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/digest_time.h"
#include "audit/signing_keys.h"
#include "buckets/names.h"

namespace millrace::cli::trail {
namespace {

// Why a digest is not valid: an Error that goes no further than this file.
Error not_valid(std::string why) {
  return {ErrorCode::kValidationException, std::move(why)};
}

std::string metadata_of(const buckets::StoredObject& stored, std::string_view name) {
  const auto found = stored.metadata.find(std::string(name));
  return found == stored.metadata.end() ? std::string() : found->second;
}

// "a/b" of "a/b/AWSLogs/…".
std::string prefix_of(const std::string& object) {
  const size_t end = object.find("/AWSLogs/");
  return end == std::string::npos ? std::string() : object.substr(0, end);
}

}  // namespace

Status DigestChain::walk(const Visit& visit) {
  TRY(enter_bucket(scope_.bucket, scope_.key_prefix));
  std::string object = listed_.empty() ? std::string() : listed_.back().object;
  // What the digest after this one says of it.
  std::optional<audit::PreviousDigest> link;
  while (!object.empty()) {
    const auto end = end_of(object);
    if (link && end && *end < scope_.start_milliseconds) break;
    const auto digest = verify(object, link ? &*link : nullptr);
    link.reset();
    if (!digest) {
      object = next_listed(end.value_or(walk_end_milliseconds(scope_)));
      continue;
    }
    visit(*digest, *bucket_);
    if (!digest->previous.object.empty()) link = digest->previous;
    TRY(follow(*digest, object));
  }
  tell_of_strays();
  return Done{};
}

// To the object that is next.
Status DigestChain::follow(const audit::Digest& digest, std::string& object) {
  const audit::PreviousDigest& previous = digest.previous;
  if (previous.object.empty()) {
    object = next_listed(digest.end_milliseconds);
    if (!object.empty()) {
      findings_.note(fmt::format(
          "No log files were digested between {} and {}: the trail was stopped, or made anew",
          audit::digest_time(end_of(object).value_or(0)),
          audit::digest_time(digest.start_milliseconds)));
    }
    return Done{};
  }
  object = previous.object;
  const std::string prefix = prefix_of(previous.object);
  if (previous.bucket == bucket_name_ && prefix == prefix_) return Done{};
  return enter_bucket(previous.bucket, prefix);
}

Status DigestChain::enter_bucket(const std::string& name, const std::string& prefix) {
  if (!buckets::is_bucket_name(name)) {
    return Error{ErrorCode::kInvalidConfiguration, "not the name of a bucket: " + name};
  }
  bucket_name_ = name;
  prefix_ = prefix;
  bucket_ = open_bucket_(name);
  listed_ = TRY(list_digests(prefix));
  for (const Listed& digest : listed_) all_listed_.emplace(name, digest.object);
  return Done{};
}

Result<std::vector<DigestChain::Listed>> DigestChain::list_digests(const std::string& prefix) {
  const int64_t last = walk_end_milliseconds(scope_);
  std::vector<Listed> digests;
  for (std::string& object :
       TRY(list_days(*bucket_, audit::digest_object_prefix(scope_.site, prefix),
                     scope_.start_milliseconds, last))) {
    const auto end = audit::digest_object_time(scope_.site, prefix, scope_.name, object);
    if (end && *end >= scope_.start_milliseconds && *end <= last) {
      digests.push_back({*end, std::move(object)});
    }
  }
  std::ranges::sort(digests, {}, &Listed::end_milliseconds);
  return digests;
}

std::optional<int64_t> DigestChain::end_of(const std::string& object) const {
  return audit::digest_object_time(scope_.site, prefix_, scope_.name, object);
}

std::string DigestChain::next_listed(int64_t before_milliseconds) const {
  std::string next;
  for (const Listed& digest : listed_) {
    if (digest.end_milliseconds < before_milliseconds &&
        !seen_.contains({bucket_name_, digest.object})) {
      next = digest.object;
    }
  }
  return next;
}

std::optional<audit::Digest> DigestChain::verify(const std::string& object,
                                                 const audit::PreviousDigest* link) {
  seen_.emplace(bucket_name_, object);
  const auto stored = bucket_->get(object);
  std::string why;
  if (!stored) {
    why = "cannot be read: " + stored.error().message;
  } else if (!*stored) {
    why = "not found";
  } else {
    auto digest = check(object, **stored, link);
    if (digest) {
      findings_.valid(FileKind::kDigest, bucket_name_, object);
      return std::move(*digest);
    }
    why = digest.error().message;
  }
  findings_.invalid(FileKind::kDigest, bucket_name_, object, why);
  return std::nullopt;
}

Result<audit::Digest> DigestChain::check(const std::string& object,
                                         const buckets::StoredObject& stored,
                                         const audit::PreviousDigest* link) const {
  const auto text = decompress(stored.content);
  auto digest = text ? audit::parse_digest(*text) : std::nullopt;
  if (!digest) return not_valid("invalid format");
  if (digest->bucket != bucket_name_ || digest->object != object) {
    return not_valid(fmt::format("has been moved from its original location, {}/{}", digest->bucket,
                                 digest->object));
  }
  const auto key = keys_.find(digest->public_key_fingerprint);
  if (key == keys_.end()) {
    return not_valid("public key not found for fingerprint " + digest->public_key_fingerprint);
  }
  const std::string signature = metadata_of(stored, audit::kSignatureMetadata);
  if (metadata_of(stored, audit::kSignatureAlgorithmMetadata) != audit::kSignatureAlgorithm ||
      !audit::verify_signature(key->second, audit::digest_text_to_sign(*digest, *text),
                               signature)) {
    return not_valid("signature verification failed");
  }
  if (link != nullptr && (link->hash_value != hash_of(*text) || link->signature != signature)) {
    return not_valid("it is not the one that the digest after it names");
  }
  return std::move(*digest);
}

void DigestChain::tell_of_strays() {
  for (const auto& [bucket, object] : all_listed_) {
    if (!seen_.contains({bucket, object})) {
      findings_.invalid(FileKind::kDigest, bucket, object, "it is not in the chain of digests");
    }
  }
}

}  // namespace millrace::cli::trail
