#include <gmock/gmock.h>

#include "audit/delivery/delivery_testing.h"

namespace millrace::audit {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class DigestDeliveryTest : public DeliveryTest {
 protected:
  DigestDeliveryTest() {
    trail_ = make_trail(1, "one");
    trail_.log_file_validation = true;
    put(trail_);
    run();
  }
  // In the order of their times.
  std::vector<Digest> all(const std::string& bucket = "bucket-of-one") const {
    std::vector<Digest> found;
    for (const auto& [key, content] : digests(bucket)) {
      auto digest = parse_digest(gunzip(content));
      EXPECT_TRUE(digest) << key;
      EXPECT_EQ(digest->object, key);
      found.push_back(std::move(*digest));
    }
    std::sort(found.begin(), found.end(), [](const Digest& left, const Digest& right) {
      return left.end_milliseconds < right.end_milliseconds;
    });
    return found;
  }
  // That `next` says of `digest` what it is, and that its signature is right.
  void expect_follows(const Digest& digest, const Digest& next) {
    const std::string text = gunzip(digests(digest.bucket).at(digest.object));
    EXPECT_EQ(next.previous.bucket, digest.bucket);
    EXPECT_EQ(next.previous.object, digest.object);
    EXPECT_EQ(next.previous.hash_value, hash_value(text));
    EXPECT_EQ(next.start_milliseconds, digest.end_milliseconds);
    for (const PublicKey& key : keys_->public_keys()) {
      if (key.fingerprint != digest.public_key_fingerprint) continue;
      EXPECT_TRUE(
          verify_signature(key.der, digest_text_to_sign(digest, text), next.previous.signature));
      return;
    }
    ADD_FAILURE() << "no such key";
  }

  Trail trail_;
};

TEST_F(DigestDeliveryTest, AreEveryHourAndChained) {
  const int64_t begin = clock_.now_milliseconds();
  record({1});
  run_after_seconds(300);
  run_after_seconds(3'299);
  EXPECT_THAT(all(), IsEmpty());
  run_after_seconds(1);
  run_after_seconds(3'605);  // late
  ASSERT_TRUE(keys_->rotate().ok());
  restart();
  record({1});
  run_after_seconds(300);
  run_after_seconds(3'600);

  const auto digests = all();
  ASSERT_THAT(digests, SizeIs(3));
  EXPECT_EQ(digests[0].start_milliseconds, begin);
  EXPECT_EQ(digests[0].end_milliseconds, begin + 3'600'000);
  EXPECT_EQ(digests[0].previous, PreviousDigest());
  ASSERT_THAT(digests[0].log_files, SizeIs(1));
  const auto& log_file = digests[0].log_files[0];
  EXPECT_EQ(log_file.hash_value,
            hash_value(gunzip(log_files("bucket-of-one").at(log_file.object))));
  EXPECT_EQ(log_file.oldest_event_milliseconds, begin);
  // Empty ones, too; and what comes late does not make the next later.
  EXPECT_THAT(digests[1].log_files, IsEmpty());
  EXPECT_EQ(digests[1].end_milliseconds, begin + 7'200'000);
  EXPECT_THAT(digests[2].log_files, SizeIs(1));
  EXPECT_NE(digests[2].public_key_fingerprint, digests[1].public_key_fingerprint);
  expect_follows(digests[0], digests[1]);
  expect_follows(digests[1], digests[2]);
  EXPECT_EQ(status(1).latest_digest_delivery_milliseconds, clock_.now_milliseconds());
}

TEST_F(DigestDeliveryTest, OneTellsOfATimeWithoutTheServer) {
  const int64_t begin = clock_.now_milliseconds();
  run_after_seconds(3'600 * 10 + 1'000);
  const auto digests = all();
  ASSERT_THAT(digests, SizeIs(1));
  EXPECT_EQ(digests[0].end_milliseconds, begin + 36'000'000);
}

TEST_F(DigestDeliveryTest, NeverEndsBeforeItBegins) {
  run_after_seconds(3'600);
  pass_seconds(-100'000);
  run();
  EXPECT_THAT(all(), SizeIs(1));
  run_after_seconds(3'600);
  run_after_seconds(3'600);
  run_after_seconds(1'000'000);
  const auto digests = all();
  ASSERT_THAT(digests, SizeIs(4));
  for (size_t i = 0; i < digests.size(); ++i) {
    EXPECT_LT(digests[i].start_milliseconds, digests[i].end_milliseconds);
    if (i > 0) expect_follows(digests[i - 1], digests[i]);
  }
}

TEST_F(DigestDeliveryTest, ATrailThatStopsHasALastOne) {
  record({1});
  trail_.logging = false;
  put(trail_);
  run();
  EXPECT_THAT(all(), IsEmpty());
  run_after_seconds(300);
  run_after_seconds(300);
  ASSERT_THAT(all(), SizeIs(1));
  EXPECT_THAT(all()[0].log_files, SizeIs(1));
  run_after_seconds(10'000);
  EXPECT_THAT(all(), SizeIs(1));
  // Then a new chain begins.
  trail_.logging = true;
  put(trail_);
  run();
  const int64_t begin = clock_.now_milliseconds();
  run_after_seconds(3'600);
  ASSERT_THAT(all(), SizeIs(2));
  EXPECT_EQ(all()[1].previous, PreviousDigest());
  EXPECT_EQ(all()[1].start_milliseconds, begin);
}

TEST_F(DigestDeliveryTest, LogFilesOfATimeWithoutValidationAreInNone) {
  record({1});
  run_after_seconds(300);
  trail_.log_file_validation = false;
  put(trail_);
  run();
  ASSERT_THAT(all(), SizeIs(1));
  EXPECT_THAT(all()[0].log_files, SizeIs(1));
  record({1});
  run_after_seconds(300);
  EXPECT_THAT(log_files("bucket-of-one"), SizeIs(2));
  trail_.log_file_validation = true;
  put(trail_);
  run();
  run_after_seconds(3'600);
  ASSERT_THAT(all(), SizeIs(2));
  EXPECT_THAT(all()[1].log_files, IsEmpty());
  EXPECT_EQ(all()[1].previous, PreviousDigest());
}

TEST_F(DigestDeliveryTest, ThoseOfAFormerBucketAreThere) {
  record({1});
  run_after_seconds(300);
  trail_.bucket = "elsewhere";
  put(trail_);
  record({1});
  run_after_seconds(300);
  run_after_seconds(3'600);
  const auto before = all();
  const auto after = all("elsewhere");
  ASSERT_THAT(before, SizeIs(1));
  ASSERT_THAT(after, SizeIs(1));
  EXPECT_THAT(before[0].log_files, SizeIs(1));
  EXPECT_THAT(after[0].log_files, SizeIs(1));
  expect_follows(before[0], after[0]);
}

TEST_F(DigestDeliveryTest, AFormerBucketThatIsGoneHoldsNothingUp) {
  record({1});
  run_after_seconds(300);
  std::filesystem::remove_all(bucket_directory("bucket-of-one"));
  block_bucket("bucket-of-one");
  trail_.bucket = "elsewhere";
  put(trail_);
  record({1});
  for (int i = 0; i < 400; ++i) run_after_seconds(1);
  EXPECT_THAT(log_files("elsewhere"), SizeIs(1));
  run_after_seconds(3'600);
  ASSERT_THAT(all("elsewhere"), SizeIs(1));
  EXPECT_EQ(all("elsewhere")[0].previous, PreviousDigest());
}

TEST_F(DigestDeliveryTest, OneThatCouldNotBeDeliveredComesLater) {
  block_bucket("bucket-of-one");
  run_after_seconds(3'600);
  EXPECT_EQ(status(1).latest_digest_delivery_error, "ServiceUnavailable");
  run_after_seconds(3'600);
  free_bucket("bucket-of-one");
  run_after_seconds(300);
  EXPECT_EQ(status(1).latest_digest_delivery_error, "");
  const auto digests = all();
  ASSERT_THAT(digests, SizeIs(2));
  expect_follows(digests[0], digests[1]);
}

}  // namespace
}  // namespace millrace::audit
