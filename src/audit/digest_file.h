// The digest file: which log files a trail delivered in an hour, and what they are, each chained to
// the one before (CloudTrail User Guide, "CloudTrail digest file structure").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/arn.h"

namespace millrace::audit {

struct DigestedLogFile {
  std::string object;      // its key in the bucket
  std::string hash_value;  // SHA-256 of the content before compression, hex
  int64_t oldest_event_milliseconds = 0;
  int64_t newest_event_milliseconds = 0;

  friend bool operator==(const DigestedLogFile&, const DigestedLogFile&) = default;
};

// Of the digest before. All are empty in the first one of a trail.
struct PreviousDigest {
  std::string bucket;
  std::string object;
  std::string hash_value;  // SHA-256 of the content before compression, hex
  std::string signature;   // hex

  friend bool operator==(const PreviousDigest&, const PreviousDigest&) = default;
};

struct Digest {
  std::string bucket;
  std::string object;
  int64_t start_milliseconds = 0;
  int64_t end_milliseconds = 0;  // of whole seconds, both
  std::string public_key_fingerprint;
  PreviousDigest previous;
  std::vector<DigestedLogFile> log_files;

  friend bool operator==(const Digest&, const Digest&) = default;
};

// Keys of objects. `prefix` without slashes at its ends, or empty; `random`: 16 letters and digits.
[[nodiscard]] std::string log_file_object(const catalog::Site& site, std::string_view prefix,
                                          int64_t milliseconds, std::string_view random);
[[nodiscard]] std::string digest_object(const catalog::Site& site, std::string_view prefix,
                                        std::string_view trail_name, int64_t end_milliseconds);
// What the keys of all digests of a day begin with.
[[nodiscard]] std::string digest_object_prefix(const catalog::Site& site, std::string_view prefix,
                                               int64_t milliseconds);
// What the keys of all digests, and of all log files, begin with.
[[nodiscard]] std::string digest_object_prefix(const catalog::Site& site, std::string_view prefix);
[[nodiscard]] std::string log_file_object_prefix(const catalog::Site& site,
                                                 std::string_view prefix);
// The time in the key, in milliseconds since 1970; nullopt: it is not the key of a digest of that
// trail, or of a log file. That of a log file is the begin of a minute.
[[nodiscard]] std::optional<int64_t> digest_object_time(const catalog::Site& site,
                                                        std::string_view prefix,
                                                        std::string_view trail_name,
                                                        std::string_view object);
[[nodiscard]] std::optional<int64_t> log_file_time(std::string_view object);

// JSON; the same digest gives the same text.
[[nodiscard]] std::string digest_text(const catalog::Site& site, const Digest& digest);
// nullopt: it is no digest.
[[nodiscard]] std::optional<Digest> parse_digest(std::string_view text);
// What is signed. `text`: of the digest, uncompressed.
[[nodiscard]] std::string digest_text_to_sign(const Digest& digest, std::string_view text);

// Names of the metadata of a digest's object.
inline constexpr std::string_view kSignatureMetadata = "signature";
inline constexpr std::string_view kSignatureAlgorithmMetadata = "signature-algorithm";
inline constexpr std::string_view kSignatureAlgorithm = "SHA256withRSA";

}  // namespace millrace::audit
