#include "audit/signing_keys.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace millrace::audit {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNowMilliseconds = 1'795'303'608'123;

class SigningKeysTest : public testing::Test {
 protected:
  SigningKeysTest() { EXPECT_NE(mkdtemp(root_.data()), nullptr); }
  ~SigningKeysTest() override { fs::remove_all(root_); }

  [[nodiscard]] std::string directory() const { return root_ + "/audit/keys"; }
  [[nodiscard]] std::unique_ptr<SigningKeys> open() const {
    return SigningKeys::open(directory(), clock_).value();
  }
  [[nodiscard]] std::vector<fs::path> files() const {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(directory())) paths.push_back(entry.path());
    return paths;
  }
  [[nodiscard]] static unsigned mode_of(const fs::path& path) {
    struct stat status = {};
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return status.st_mode & 0777U;
  }
  // What is told when they cannot be opened.
  [[nodiscard]] std::string refusal() const {
    const auto keys = SigningKeys::open(directory(), clock_);
    if (keys.ok()) return "no refusal";
    EXPECT_EQ(keys.error().code, ErrorCode::kInvalidConfiguration);
    return keys.error().message;
  }

  std::string root_ = "/tmp/millrace-keys-XXXXXX";
  ManualClock clock_{kNowMilliseconds * 1000};
};

TEST_F(SigningKeysTest, TheFirstKeyIsMadeAndKept) {
  const std::string fingerprint = open()->current_fingerprint();
  EXPECT_EQ(fingerprint.size(), 32u);
  EXPECT_EQ(mode_of(directory()), 0700u);
  ASSERT_EQ(files().size(), 1u);
  EXPECT_EQ(mode_of(files().front()), 0600u);
  EXPECT_EQ(files().front().filename(), "1795303608123-" + fingerprint + ".pem");
  EXPECT_EQ(open()->current_fingerprint(), fingerprint);
  EXPECT_EQ(files().size(), 1u);
}

TEST_F(SigningKeysTest, ASignatureHoldsForItsTextAlone) {
  const auto keys = open();
  const std::string signature = keys->sign(keys->current_fingerprint(), "text").value();
  EXPECT_EQ(signature.size(), 512u);
  EXPECT_EQ(keys->sign(keys->current_fingerprint(), "text").value(), signature);
  const Bytes der = keys->public_keys().front().der;
  EXPECT_TRUE(verify_signature(der, "text", signature));
  EXPECT_FALSE(verify_signature(der, "texts", signature));
  std::string other = signature;
  other[7] = other[7] == '0' ? '1' : '0';
  EXPECT_FALSE(verify_signature(der, "text", other));
  EXPECT_FALSE(verify_signature(der, "text", ""));
  EXPECT_FALSE(verify_signature(der, "text", "not hexadecimal!"));
  EXPECT_FALSE(verify_signature("", "text", signature));
  EXPECT_FALSE(verify_signature(der.substr(0, 100), "text", signature));
  EXPECT_EQ(keys->sign("unknown", "text").error().code, ErrorCode::kInternalServerError);
}

TEST_F(SigningKeysTest, ThePublicKeyIsThatOfPkcs1) {
  // A sequence of a modulus of 2048 bits and the exponent 65537.
  const Bytes der = open()->public_keys().front().der;
  ASSERT_EQ(der.size(), 270u);
  EXPECT_EQ(der.substr(0, 9), Bytes("\x30\x82\x01\x0A\x02\x82\x01\x01\x00", 9));
  EXPECT_EQ(der.substr(265), Bytes("\x02\x03\x01\x00\x01", 5));
}

TEST_F(SigningKeysTest, ARotatedKeyStaysKnown) {
  auto keys = open();
  const std::string first = keys->current_fingerprint();
  const std::string signature = keys->sign(first, "text").value();
  clock_.advance_microseconds(3'600'000'000);
  const std::string second = keys->rotate().value();
  EXPECT_NE(first, second);
  EXPECT_EQ(keys->current_fingerprint(), second);
  // The clock was set back.
  clock_.advance_microseconds(-7'200'000'000);
  const std::string third = keys->rotate().value();
  for (int opened = 0; opened < 2; ++opened, keys = open()) {
    const auto known = keys->public_keys();
    ASSERT_EQ(known.size(), 3u);
    EXPECT_EQ(keys->current_fingerprint(), third);
    EXPECT_EQ(known[0].fingerprint, first);
    EXPECT_EQ(known[1].fingerprint, second);
    EXPECT_EQ(known[0].validity_start_milliseconds, kNowMilliseconds);
    EXPECT_EQ(known[0].validity_end_milliseconds, known[1].validity_start_milliseconds);
    EXPECT_EQ(known[1].validity_start_milliseconds, kNowMilliseconds + 3'600'000);
    EXPECT_GT(known[2].validity_start_milliseconds, known[1].validity_start_milliseconds);
    EXPECT_GT(known[2].validity_end_milliseconds, kNowMilliseconds + 3'600'000);
    EXPECT_EQ(keys->sign(first, "text").value(), signature);
  }
}

TEST_F(SigningKeysTest, WhatOthersCanReadIsRefused) {
  static_cast<void>(open());
  const fs::path file = files().front();
  for (const mode_t mode : {0640U, 0604U, 0660U}) {
    chmod(file.c_str(), mode);
    EXPECT_NE(refusal().find(file.string() + ": others have access to it"), std::string::npos);
  }
  chmod(file.c_str(), 0600);
  chmod(directory().c_str(), 0770);
  EXPECT_NE(refusal().find(directory() + ": others have access"), std::string::npos);
  chmod(directory().c_str(), 0700);
  EXPECT_EQ(refusal(), "no refusal");
}

TEST_F(SigningKeysTest, WhatIsNoKeyIsRefusedByName) {
  static_cast<void>(open());
  const fs::path file = files().front();
  const fs::path moved = file.parent_path() / "1-other.pem";
  fs::rename(file, moved);
  EXPECT_NE(refusal().find(moved.string() + ": its name is not"), std::string::npos);
  fs::rename(moved, file);
  fs::resize_file(file, fs::file_size(file) / 2);
  EXPECT_NE(refusal().find(file.string() + ": it is no private key"), std::string::npos);
  fs::resize_file(file, 0);
  EXPECT_NE(refusal().find(file.string()), std::string::npos);
}

TEST_F(SigningKeysTest, LeftoversOfAnEndedServerGo) {
  static_cast<void>(open());
  std::ofstream(directory() + "/new.tmp") << "half a key";
  static_cast<void>(open()->rotate().value());
  EXPECT_EQ(files().size(), 2u);
}

TEST_F(SigningKeysTest, ADirectoryThatCannotBeIsRefused) {
  std::ofstream(root_ + "/audit") << "a file";
  EXPECT_NE(refusal().find(directory()), std::string::npos);
}

}  // namespace
}  // namespace millrace::audit
