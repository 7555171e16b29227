// What a validation looks at: a trail's files of a range of time, and whose signatures are trusted.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "buckets/bucket.h"
#include "catalog/arn.h"

namespace millrace::cli::trail {

struct TrailScope {
  catalog::Site site;
  std::string name;
  std::string bucket;
  std::string key_prefix;
  int64_t start_milliseconds = 0;
  int64_t end_milliseconds = 0;
  // Other trails deliver into the same bucket and prefix; their log files look alike.
  bool shares_its_place = false;
  // As the server says; nullopt: it does not.
  std::optional<int64_t> latest_digest_delivery_milliseconds = {};
};

// DER by fingerprint.
using PublicKeys = std::map<std::string, Bytes>;

// A bucket of the trail, which may have had several.
using OpenBucket = std::function<std::unique_ptr<buckets::Bucket>(const std::string& name)>;

// What is delivered after the end of the range may still belong to it.
[[nodiscard]] int64_t walk_end_milliseconds(const TrailScope& scope);

// The names of the objects in the directories of the days from `start` to `end` below `prefix`.
[[nodiscard]] Result<std::vector<std::string>> list_days(buckets::Bucket& bucket,
                                                         const std::string& prefix,
                                                         int64_t start_milliseconds,
                                                         int64_t end_milliseconds);

// What a gzip file of one member has in it; nullopt: it is none, or absurdly large.
[[nodiscard]] std::optional<Bytes> decompress(ByteView content);
// SHA-256, hex.
[[nodiscard]] std::string hash_of(ByteView content);

}  // namespace millrace::cli::trail
