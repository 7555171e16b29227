#include "audit/digest_file.h"

#include <gtest/gtest.h>

#include "auth/digest.h"

namespace millrace::audit {
namespace {

const catalog::Site kSite{.account_id = "111122223333", .region = "us-east-2"};
constexpr int64_t kEnd = 1'439'823'691'000;  // 2015-08-17T15:01:31Z

Digest example() {
  Digest digest;
  digest.bucket = "audit-bucket";
  digest.object = digest_object(kSite, "", "a-trail", kEnd);
  digest.start_milliseconds = kEnd - 3'600'000;
  digest.end_milliseconds = kEnd;
  digest.public_key_fingerprint = "31e8b5433410dfb61a9dc45cc65b22ff";
  return digest;
}

TEST(DigestFile, KeysAreAsTheServiceHasThem) {
  EXPECT_EQ(log_file_object(kSite, "", kEnd, "9nYN7gp2eWAJHIfT"),
            "AWSLogs/111122223333/CloudTrail/us-east-2/2015/08/17/"
            "111122223333_CloudTrail_us-east-2_20150817T1501Z_9nYN7gp2eWAJHIfT.json.gz");
  EXPECT_EQ(digest_object(kSite, "a/b", "a-trail", kEnd),
            "a/b/AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2015/08/17/"
            "111122223333_CloudTrail-Digest_us-east-2_a-trail_us-east-2_20150817T150131Z.json.gz");
  EXPECT_TRUE(
      digest_object(kSite, "p", "t", kEnd).starts_with(digest_object_prefix(kSite, "p", kEnd)));
  EXPECT_TRUE(digest_object_prefix(kSite, "p", kEnd).starts_with(digest_object_prefix(kSite, "p")));
  EXPECT_TRUE(
      log_file_object(kSite, "p", kEnd, "r").starts_with(log_file_object_prefix(kSite, "p")));
}

TEST(DigestFile, TimesOfKeysAreRead) {
  const std::string object = digest_object(kSite, "p", "a-trail", kEnd);
  EXPECT_EQ(digest_object_time(kSite, "p", "a-trail", object), kEnd);
  EXPECT_EQ(digest_object_time(kSite, "p", "trail", object), std::nullopt);
  EXPECT_EQ(digest_object_time(kSite, "", "a-trail", object), std::nullopt);
  EXPECT_EQ(digest_object_time(kSite, "p", "a-trail", "x.json.gz"), std::nullopt);
  EXPECT_EQ(log_file_time(log_file_object(kSite, "p", kEnd, "abc")), kEnd - 31'000);
  for (const std::string_view other : {"", "a.json.gz", "a_b_20150817T1501Z_c.json",
                                       "a_20150817T1561Z_c.json.gz", "a_b.json.gz"}) {
    EXPECT_EQ(log_file_time(other), std::nullopt) << other;
  }
}

TEST(DigestFile, TheFirstOfATrailHasNoneBefore) {
  const std::string text = digest_text(kSite, example());
  EXPECT_EQ(
      text,
      R"({"awsAccountId":"111122223333","digestStartTime":"2015-08-17T14:01:31Z",)"
      R"("digestEndTime":"2015-08-17T15:01:31Z","digestS3Bucket":"audit-bucket","digestS3Object":")" +
          example().object +
          R"(","digestPublicKeyFingerprint":"31e8b5433410dfb61a9dc45cc65b22ff",)"
          R"("digestSignatureAlgorithm":"SHA256withRSA","newestEventTime":null,)"
          R"("oldestEventTime":null,"previousDigestS3Bucket":null,"previousDigestS3Object":null,)"
          R"("previousDigestHashValue":null,"previousDigestHashAlgorithm":null,)"
          R"("previousDigestSignature":null,"logFiles":[]})");
  EXPECT_EQ(parse_digest(text), example());
  std::string hash;
  auth::append_hex(hash, auth::sha256(text));
  EXPECT_EQ(digest_text_to_sign(example(), text),
            "2015-08-17T15:01:31Z\naudit-bucket/" + example().object + "\n" + hash + "\nnull");
}

TEST(DigestFile, NamesItsFilesAndTheOneBefore) {
  Digest digest = example();
  digest.previous = {.bucket = "audit-bucket", .object = "o", .hash_value = "h", .signature = "ab"};
  digest.log_files = {{"file-1", "hash-1", kEnd - 9'000, kEnd - 5'000},
                      {"file-2", "hash-2", kEnd - 8'000, kEnd - 2'000}};
  const std::string text = digest_text(kSite, digest);
  EXPECT_EQ(parse_digest(text), digest);
  EXPECT_NE(text.find(R"("newestEventTime":"2015-08-17T15:01:29Z","oldestEventTime":)"
                      R"("2015-08-17T15:01:22Z","previousDigestS3Bucket":"audit-bucket",)"
                      R"("previousDigestS3Object":"o","previousDigestHashValue":"h",)"
                      R"("previousDigestHashAlgorithm":"SHA-256","previousDigestSignature":"ab",)"
                      R"("logFiles":[{"s3Bucket":"audit-bucket","s3Object":"file-1",)"
                      R"("hashValue":"hash-1","hashAlgorithm":"SHA-256",)"
                      R"("newestEventTime":"2015-08-17T15:01:26Z",)"
                      R"("oldestEventTime":"2015-08-17T15:01:22Z"},)"),
            std::string::npos)
      << text;
  EXPECT_TRUE(digest_text_to_sign(digest, text).ends_with("\nab"));
}

TEST(DigestFile, WhatIsNoDigestIsNotRead) {
  const std::string text = digest_text(kSite, example());
  for (const std::string member :
       {R"("digestEndTime":"2015-08-17T15:01:31Z",)", R"("digestS3Bucket":"audit-bucket",)",
        R"("digestSignatureAlgorithm":"SHA256withRSA",)", R"(,"logFiles":[])"}) {
    std::string without = text;
    without.erase(without.find(member), member.size());
    EXPECT_EQ(parse_digest(without), std::nullopt) << member;
  }
  for (const std::string_view other : {"", "{}", "[]", "null", "{\"logFiles\":[1]}", "\x1F\x8B"}) {
    EXPECT_EQ(parse_digest(other), std::nullopt) << other;
  }
  for (const auto& [good, bad] :
       std::vector<std::pair<std::string, std::string>>{{"15:01:31Z", "15:01:61Z"},
                                                        {"15:01:31Z", "15:01:31"},
                                                        {"SHA256withRSA", "none"},
                                                        {"2015-08-17T14", "2015-02-30T14"},
                                                        {"[]", "[{}]"},
                                                        {"[]", "{}"}}) {
    std::string changed = text;
    changed.replace(changed.find(good), good.size(), bad);
    EXPECT_EQ(parse_digest(changed), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace millrace::audit
