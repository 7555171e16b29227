#include "audit/operations/integrity.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "json/base64.h"

namespace millrace::audit {
namespace {

constexpr int64_t kNowSeconds = 1'795'303'608;
constexpr int64_t kDaySeconds = 86'400;

class IntegrityOperations : public testing::Test {
 protected:
  IntegrityOperations() {
    EXPECT_NE(mkdtemp(root_.data()), nullptr);
    keys_ = SigningKeys::open(root_ + "/keys", clock_).value();
  }
  ~IntegrityOperations() override { std::filesystem::remove_all(root_); }

  Result<std::string> run(std::vector<api::JsonOperation> operations, const std::string& name,
                          const std::string& input) {
    for (const api::JsonOperation& operation : operations) {
      if (operation.name != name) continue;
      const auto document = json::Document::parse(input).value();
      json::Object object;
      EXPECT_EQ(document.root().get(object), simdjson::SUCCESS);
      std::optional<Result<std::string>> answer;
      operation.run({.input = object, .principal = {}, .host = {}, .request_id = {}},
                    [&](Result<std::string> result) { answer = std::move(result); });
      return answer.value();
    }
    return internal_error("no such operation");
  }
  Result<std::string> list_keys(const std::string& input) {
    return run(integrity_operations(*keys_, clock_), "ListPublicKeys", input);
  }
  // Of the answer, in its order.
  std::vector<std::string> listed(const std::string& input) {
    const std::string answer = list_keys(input).value();
    const auto document = json::Document::parse(answer).value();
    std::vector<std::string> fingerprints;
    for (const json::Element key : json::Array(document.root()["PublicKeyList"])) {
      fingerprints.emplace_back(std::string_view(key["Fingerprint"]));
    }
    return fingerprints;
  }
  Result<std::string> describe_bucket(const std::string& arn, const AuditSettings& settings) {
    auto find = [](std::string_view name) -> TrailPointer {
      if (name != "t") return nullptr;
      Trail trail;
      trail.bucket = "audit";
      return std::make_shared<const Trail>(trail);
    };
    return run(millrace_trail_operations(*keys_, find, {}, settings), "DescribeTrailBucket",
               R"({"TrailARN":")" + arn + R"("})");
  }

  std::string root_ = "/tmp/millrace-integrity-XXXXXX";
  ManualClock clock_{kNowSeconds * 1'000'000};
  std::unique_ptr<SigningKeys> keys_;
};

TEST_F(IntegrityOperations, AKeyIsListedWhole) {
  const PublicKey key = keys_->public_keys().front();
  EXPECT_EQ(list_keys("{}").value(),
            R"({"PublicKeyList":[{"Value":")" + json::base64_encode(key.der) +
                R"(","ValidityStartTime":1795303608,"ValidityEndTime":1826839608,"Fingerprint":")" +
                key.fingerprint + R"("}]})");
}

TEST_F(IntegrityOperations, KeysAreListedByTheTimesOfDigests) {
  const std::string first = keys_->current_fingerprint();
  clock_.advance_microseconds(30 * kDaySeconds * 1'000'000);
  const std::string second = keys_->rotate().value();
  using Fingerprints = std::vector<std::string>;
  auto between = [](int64_t start_day, int64_t end_day) {
    return R"({"StartTime":)" + std::to_string(kNowSeconds + start_day * kDaySeconds) +
           R"(,"EndTime":)" + std::to_string(kNowSeconds + end_day * kDaySeconds) + ".5}";
  };
  EXPECT_EQ(listed("{}"), Fingerprints{second});
  EXPECT_EQ(listed(between(1, 2)), Fingerprints{first});
  EXPECT_EQ(listed(between(31, 32)), Fingerprints{second});
  EXPECT_EQ(listed(between(1, 40)), (Fingerprints{first, second}));
  // A digest of then may have been signed later.
  EXPECT_EQ(listed(between(26, 26)), (Fingerprints{first, second}));
  EXPECT_EQ(listed(between(-20, -10)), Fingerprints{});
  EXPECT_EQ(listed(R"({"StartTime":0})"), (Fingerprints{first, second}));
}

TEST_F(IntegrityOperations, TimesThatCannotBeAreRefused) {
  for (const char* input :
       {R"({"StartTime":2,"EndTime":1})", R"({"StartTime":1e300})", R"({"EndTime":-1e300})",
        R"({"StartTime":1e12,"EndTime":1e12})", R"({"EndTime":5})"}) {
    EXPECT_EQ(list_keys(input).error().code, ErrorCode::kInvalidTimeRangeException) << input;
  }
  EXPECT_EQ(list_keys(R"({"NextToken":"x"})").error().code, ErrorCode::kInvalidTokenException);
}

TEST_F(IntegrityOperations, AKeyIsRotated) {
  const std::string before = keys_->current_fingerprint();
  const std::string answer =
      run(millrace_trail_operations(*keys_, {}, {}, {}), "RotateTrailKey", "{}").value();
  EXPECT_NE(keys_->current_fingerprint(), before);
  EXPECT_EQ(answer, R"({"Fingerprint":")" + keys_->current_fingerprint() + R"("})");
}

TEST_F(IntegrityOperations, ABucketIsADirectoryOrAnEndpoint) {
  const std::string arn = "arn:aws:cloudtrail:us-east-1:000000000000:trail/t";
  AuditSettings settings;
  settings.buckets_directory = "/data/./buckets";
  EXPECT_EQ(describe_bucket(arn, settings).value(),
            R"({"Bucket":"audit","Directory":"/data/buckets/audit"})");
  settings.buckets_directory = "data/buckets";
  EXPECT_EQ(describe_bucket(arn, settings).value(),
            R"({"Bucket":"audit","Directory":")" +
                (std::filesystem::current_path() / "data/buckets/audit").string() + R"("})");
  settings.s3_endpoint = "http://127.0.0.1:9000";
  settings.s3_region = "eu-west-1";
  EXPECT_EQ(describe_bucket(arn, settings).value(),
            R"({"Bucket":"audit","Endpoint":"http://127.0.0.1:9000","Region":"eu-west-1"})");
  EXPECT_EQ(describe_bucket(arn + "x", settings).error().code, ErrorCode::kTrailNotFoundException);
  EXPECT_EQ(describe_bucket("t", settings).error().code, ErrorCode::kCloudTrailARNInvalidException);
}

}  // namespace
}  // namespace millrace::audit
