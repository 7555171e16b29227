#include "cli/trail/validate.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/digest_file.h"
#include "audit/digest_time.h"
#include "audit/signing_keys.h"
#include "buckets/directory_bucket.h"
#include "http/content_coding.h"

namespace millrace::cli::trail {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr int64_t kHour = 3'600'000;
constexpr int64_t kMinute = 60'000;
constexpr int64_t kBegin = 1'795'302'000'000;  // 2026-11-21T23:00:00Z
constexpr int64_t kDigests = 5;
constexpr int kFilesOfDigest = 3;
const catalog::Site kSite{.account_id = "000000000000", .region = "us-east-1"};
const ManualClock kClock(kBegin * 1000);

struct Validated {
  size_t findings = 0;
  std::vector<std::string> lines;  // of findings and notes, before the summary
  std::string summary;
};

// A bucket with five digests of an hour each, of a trail "t".
class ValidateTrail : public testing::Test {
 protected:
  ValidateTrail() {
    EXPECT_NE(mkdtemp(root_.data()), nullptr);
    // Making one takes long.
    static const auto keys = audit::SigningKeys::open(root_ + "/keys", kClock).value();
    keys_ = keys.get();
    for (int64_t i = 0; i < kDigests; ++i) deliver(kBegin + i * kHour);
    scope_ = {.site = kSite,
              .name = "t",
              .bucket = "audit",
              .key_prefix = "p",
              .start_milliseconds = kBegin,
              .end_milliseconds = kBegin + kDigests * kHour + 10 * kMinute};
  }
  ~ValidateTrail() override { fs::remove_all(root_); }

  static Bytes compressed(const std::string& text) {
    return http::GzipCodec().compress(text).value();
  }
  static std::string log_text(int64_t milliseconds) {
    return R"({"Records":[)" + std::string(200, ' ') + std::to_string(milliseconds) + "]}";
  }
  static std::string log_object(int64_t milliseconds) {
    return audit::log_file_object(kSite, "p", milliseconds, "abcdefghijklmnop");
  }
  [[nodiscard]] fs::path path(const std::string& object) const {
    return fs::path(root_) / "buckets" / bucket_name_ / object;
  }
  void put(const buckets::Object& object) {
    ASSERT_TRUE(buckets::DirectoryBucket(path("").parent_path().string()).put(object).ok());
  }
  void put_log_file(int64_t milliseconds, const std::string& text) {
    put({.name = log_object(milliseconds),
         .content = compressed(text),
         .content_encoding = "gzip"});
  }
  // Signs the digest and puts it into the bucket.
  audit::PreviousDigest put_digest(const audit::Digest& digest) {
    const std::string text = audit::digest_text(kSite, digest);
    const std::string signature =
        keys_->sign(digest.public_key_fingerprint, audit::digest_text_to_sign(digest, text))
            .value();
    put({.name = digest.object,
         .content = compressed(text),
         .metadata = {{"signature", signature}, {"signature-algorithm", "SHA256withRSA"}}});
    return {.bucket = digest.bucket,
            .object = digest.object,
            .hash_value = hash_of(text),
            .signature = signature};
  }
  // The log files and the digest of an hour.
  void deliver(int64_t start) {
    audit::Digest digest;
    digest.bucket = bucket_name_;
    digest.object = audit::digest_object(kSite, "p", "t", start + kHour);
    digest.start_milliseconds = start;
    digest.end_milliseconds = start + kHour;
    digest.public_key_fingerprint = keys_->current_fingerprint();
    digest.previous = last_;
    for (int i = 1; i <= kFilesOfDigest; ++i) {
      const int64_t time = start + i * 5 * kMinute;
      put_log_file(time, log_text(time));
      digest.log_files.push_back({.object = log_object(time),
                                  .hash_value = hash_of(log_text(time)),
                                  .oldest_event_milliseconds = time - kMinute,
                                  .newest_event_milliseconds = time});
    }
    last_ = put_digest(digest);
    digests_.push_back(digest);
  }
  [[nodiscard]] std::string digest(size_t index) const { return digests_[index].object; }
  [[nodiscard]] std::string log_file(size_t of_digest, size_t index) const {
    return digests_[of_digest].log_files[index].object;
  }
  void swap(const std::string& one, const std::string& other) {
    fs::rename(path(one), path("swapped"));
    fs::rename(path(other), path(one));
    fs::rename(path("swapped"), path(other));
  }

  Validated validate() {
    PublicKeys keys;
    for (const audit::PublicKey& key : keys_->public_keys()) keys.emplace(key.fingerprint, key.der);
    const OpenBucket open = [this](const std::string& name) {
      return std::make_unique<buckets::DirectoryBucket>(root_ + "/buckets/" + name);
    };
    Validated validated;
    bool in_summary = false;
    Findings findings(false, [&](std::string_view line) {
      in_summary = in_summary || line.empty();
      if (in_summary) {
        validated.summary += std::string(line) + "\n";
      } else {
        validated.lines.emplace_back(line);
      }
    });
    const auto status = validate_bucket(scope_, keys, open, findings);
    EXPECT_TRUE(status.ok()) << status.error().message;
    validated.findings = findings.count();
    return validated;
  }

  std::string root_ = "/tmp/millrace-validate-XXXXXX";
  std::string bucket_name_ = "audit";
  audit::SigningKeys* keys_ = nullptr;
  std::vector<audit::Digest> digests_;
  audit::PreviousDigest last_;
  TrailScope scope_;
};

std::string digest_line(const std::string& object, const std::string& why) {
  return "Digest file\taudit/" + object + "\tINVALID: " + why;
}
std::string log_line(const std::string& object, const std::string& why) {
  return "Log file\taudit/" + object + "\tINVALID: " + why;
}

TEST_F(ValidateTrail, AnUntouchedBucketIsValid) {
  const Validated validated = validate();
  EXPECT_EQ(validated.findings, 0u);
  EXPECT_THAT(validated.lines, IsEmpty());
  EXPECT_EQ(validated.summary,
            "\nResults requested for 2026-11-21T23:00:00Z to 2026-11-22T04:10:00Z\n"
            "Results found for 2026-11-21T23:00:00Z to 2026-11-22T04:00:00Z:\n\n"
            "5/5 digest files valid\n15/15 log files valid\n");
}

TEST_F(ValidateTrail, OnlyTheRangeIsLookedAt) {
  scope_.start_milliseconds = kBegin + kHour + 1;
  scope_.end_milliseconds = kBegin + 2 * kHour;
  fs::remove(path(log_file(0, 0)));
  fs::remove(path(log_file(4, 0)));
  const Validated validated = validate();
  EXPECT_EQ(validated.findings, 0u);
  // With an hour more, for what was delivered late.
  EXPECT_THAT(validated.summary, HasSubstr("2/2 digest files valid\n6/6 log files valid"));
  scope_.start_milliseconds = kBegin + 100 * kHour;
  scope_.end_milliseconds = kBegin + 101 * kHour;
  EXPECT_THAT(validate().summary, HasSubstr("No digests found"));
}

TEST_F(ValidateTrail, ALogFileThatWasChanged) {
  std::string text = log_text(1);
  put_log_file(kBegin + 5 * kMinute, text.replace(20, 1, "x"));
  std::fstream file(path(log_file(3, 1)), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(30);
  file.put('\0');
  file.close();
  // Tools that read all members would see what was appended.
  std::ofstream(path(log_file(4, 2)), std::ios::binary | std::ios::app) << compressed(log_text(2));
  const Validated validated = validate();
  EXPECT_EQ(validated.findings, 3u);
  EXPECT_THAT(validated.lines, ElementsAre(log_line(log_file(4, 2), "hash value doesn't match"),
                                           log_line(log_file(3, 1), "invalid format"),
                                           log_line(log_file(0, 0), "hash value doesn't match")));
  EXPECT_THAT(validated.summary, HasSubstr("12/15 log files valid, 3/15 log files INVALID"));
}

TEST_F(ValidateTrail, ALogFileThatWasRemoved) {
  fs::remove(path(log_file(2, 1)));
  EXPECT_THAT(validate().lines, ElementsAre(log_line(log_file(2, 1), "not found")));
}

TEST_F(ValidateTrail, LogFilesThatWereSwapped) {
  swap(log_file(1, 0), log_file(1, 2));
  EXPECT_THAT(
      validate().lines,
      ElementsAre(log_line(log_file(1, 0),
                           "hash value doesn't match: it has the content of " + log_file(1, 2)),
                  log_line(log_file(1, 2),
                           "hash value doesn't match: it has the content of " + log_file(1, 0))));
}

TEST_F(ValidateTrail, ADigestThatWasRemoved) {
  fs::remove(path(digest(2)));
  const Validated validated = validate();
  EXPECT_EQ(validated.findings, 1u);
  EXPECT_THAT(validated.lines, ElementsAre(digest_line(digest(2), "not found"),
                                           HasSubstr("a digest of their time is missing")));
  EXPECT_THAT(validated.summary, HasSubstr("4/5 digest files valid, 1/5 digest files INVALID\n"
                                           "12/12 log files valid"));
}

TEST_F(ValidateTrail, ADigestThatHasAnothersContent) {
  fs::copy_file(path(digest(1)), path(digest(3)), fs::copy_options::overwrite_existing);
  fs::copy_file(path(digest(1) + ".metadata.json"), path(digest(3) + ".metadata.json"),
                fs::copy_options::overwrite_existing);
  EXPECT_THAT(
      validate().lines[0],
      digest_line(digest(3), "has been moved from its original location, audit/" + digest(1)));
}

TEST_F(ValidateTrail, ASignatureThatWasChanged) {
  const fs::path metadata = path(digest(0) + ".metadata.json");
  auto write = [&](const std::string& text) { std::ofstream(metadata) << text; };
  for (const std::string& signature :
       std::vector<std::string>{std::string(512, 'a'), "", "zz", digests_[2].previous.signature}) {
    write(R"({"signature":")" + signature + R"(","signature-algorithm":"SHA256withRSA"})");
    EXPECT_EQ(validate().lines[0], digest_line(digest(0), "signature verification failed"));
  }
  write(R"({"signature":")" + digests_[1].previous.signature + R"("})");
  EXPECT_EQ(validate().lines[0], digest_line(digest(0), "signature verification failed"));
  write("{");
  EXPECT_THAT(validate().lines[0], HasSubstr(digest(0) + "\tINVALID: cannot be read"));
  fs::remove(metadata);
  EXPECT_EQ(validate().lines[0], digest_line(digest(0), "signature verification failed"));
}

TEST_F(ValidateTrail, ADigestThatWasChanged) {
  audit::Digest changed = digests_[2];
  changed.log_files.pop_back();
  // The old signature is left.
  std::ofstream(path(digest(2)), std::ios::binary)
      << compressed(audit::digest_text(kSite, changed));
  EXPECT_EQ(validate().lines[0], digest_line(digest(2), "signature verification failed"));
  std::ofstream(path(digest(2)), std::ios::binary) << "no gzip, this is";
  EXPECT_EQ(validate().lines[0], digest_line(digest(2), "invalid format"));
}

TEST_F(ValidateTrail, ADigestThatSomebodySignedAnew) {
  audit::Digest changed = digests_[2];
  changed.log_files.pop_back();
  put_digest(changed);
  EXPECT_EQ(validate().lines[0],
            digest_line(digest(2), "it is not the one that the digest after it names"));
  const auto others = audit::SigningKeys::open(root_ + "/others", kClock).value();
  audit::SigningKeys* own = std::exchange(keys_, others.get());
  changed.public_key_fingerprint = keys_->current_fingerprint();
  put_digest(changed);
  keys_ = own;
  EXPECT_EQ(validate().lines[0], digest_line(digest(2), "public key not found for fingerprint " +
                                                            others->current_fingerprint()));
}

TEST_F(ValidateTrail, ADigestThatNobodyNames) {
  const std::string stray = audit::digest_object(kSite, "p", "t", kBegin + kHour + kMinute);
  fs::copy_file(path(digest(0)), path(stray));
  EXPECT_THAT(validate().lines,
              ElementsAre(digest_line(stray, "it is not in the chain of digests")));
}

TEST_F(ValidateTrail, TheNewestDigestsAreMissing) {
  scope_.latest_digest_delivery_milliseconds = kBegin + kDigests * kHour + 1000;
  EXPECT_EQ(validate().findings, 0u);
  fs::remove(path(digest(4)));
  const Validated validated = validate();
  EXPECT_EQ(validated.findings, 1u);
  EXPECT_THAT(validated.lines.back(), HasSubstr("The newest digests are missing"));
  for (const size_t index : {3U, 2U, 1U, 0U}) fs::remove(path(digest(index)));
  EXPECT_EQ(validate().findings, 1u);
}

TEST_F(ValidateTrail, LogFilesThatNoDigestNames) {
  // Of the hour that is not digested yet.
  put_log_file(kBegin + kDigests * kHour + 5 * kMinute, log_text(1));
  EXPECT_THAT(validate().lines,
              ElementsAre("Log files since 2026-11-22T04:00:00Z that are in no digest yet: 1"));
  EXPECT_EQ(validate().findings, 0u);
  put_log_file(kBegin + kHour + 7 * kMinute, log_text(2));
  EXPECT_EQ(validate().lines[0],
            log_line(log_object(kBegin + kHour + 7 * kMinute), "no digest names it"));
  // It may be the other trail's.
  scope_.shares_its_place = true;
  EXPECT_EQ(validate().findings, 0u);
}

TEST_F(ValidateTrail, AStoppedTrailBeginsAnew) {
  last_ = {};
  deliver(kBegin + 8 * kHour);
  deliver(kBegin + 9 * kHour);
  scope_.end_milliseconds = kBegin + 10 * kHour;
  put_log_file(kBegin + 7 * kHour, log_text(1));
  const Validated validated = validate();
  EXPECT_EQ(validated.findings, 0u);
  EXPECT_THAT(validated.lines,
              ElementsAre(HasSubstr("between 2026-11-22T04:00:00Z and 2026-11-22T07:00:00Z"),
                          HasSubstr("Log files that no valid digest names")));
  EXPECT_THAT(validated.summary, HasSubstr("7/7 digest files valid"));
}

TEST_F(ValidateTrail, TheKeyAndTheBucketMayChange) {
  const auto own = audit::SigningKeys::open(root_ + "/rotated", kClock).value();
  keys_ = own.get();
  last_ = {};
  for (int64_t i = 0; i < kDigests; ++i) deliver(kBegin + i * kHour);
  static_cast<void>(own->rotate().value());
  bucket_name_ = "audit-2";
  scope_.bucket = "audit-2";
  deliver(kBegin + kDigests * kHour);
  scope_.end_milliseconds += kHour;
  EXPECT_EQ(validate().findings, 0u);
  EXPECT_THAT(validate().summary, HasSubstr("6/6 digest files valid\n18/18 log files valid"));
  bucket_name_ = "audit";
  fs::remove(path(log_file(1, 1)));
  EXPECT_THAT(validate().lines, ElementsAre(log_line(log_file(1, 1), "not found")));
}

}  // namespace
}  // namespace millrace::cli::trail
