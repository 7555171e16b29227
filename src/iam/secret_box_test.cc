#include "iam/secret_box.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "engine/temporary_directory_testing.h"

namespace millrace::iam {
namespace {

TEST(SecretBox, OpensWhatItSealedForThePurpose) {
  Random secrets = Random::from_system();
  const SecretBox box = SecretBox::with_new_key(secrets);
  for (const std::string& text : {std::string(), std::string("a"), std::string(100'000, '\0')}) {
    const Bytes sealed = box.seal(text, "purpose");
    EXPECT_EQ(box.open_sealed(sealed, "purpose"), text);
    EXPECT_EQ(box.open_sealed(sealed, "purposes"), std::nullopt);
    EXPECT_NE(box.seal(text, "purpose"), sealed);
    EXPECT_EQ(SecretBox::with_new_key(secrets).open_sealed(sealed, "purpose"), std::nullopt);
  }
}

TEST(SecretBox, EveryBitAndByteCounts) {
  Random secrets = Random::from_system();
  const SecretBox box = SecretBox::with_new_key(secrets);
  const Bytes sealed = box.seal("secret", "");
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_EQ(box.open_sealed(std::string_view(sealed).substr(0, size), ""), std::nullopt) << size;
  }
  for (size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(box.open_sealed(changed, ""), std::nullopt) << bit;
  }
}

class KeyFile : public ::testing::Test {
 protected:
  std::string error() {
    const auto box = SecretBox::open(path_, secrets_);
    if (box.ok()) return "";
    EXPECT_EQ(box.error().code, ErrorCode::kInvalidConfiguration);
    EXPECT_TRUE(box.error().message.find(path_) != std::string::npos) << box.error().message;
    return box.error().message;
  }

  engine::TemporaryDirectory directory_;
  std::string path_ = directory_.path() + "/access.key";
  Random secrets_ = Random::from_system();
};

TEST_F(KeyFile, IsMadeOnceAndForItsOwnerAlone) {
  const Bytes sealed = SecretBox::open(path_, secrets_).value().seal("secret", "it");
  EXPECT_EQ(SecretBox::open(path_, secrets_).value().open_sealed(sealed, "it"), "secret");
  struct stat status = {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(KeyFile, AStartThatWasCutOffLeavesNoHarm) {
  std::ofstream(path_ + ".new") << "half";
  EXPECT_EQ(error(), "");
  EXPECT_EQ(error(), "");
}

TEST_F(KeyFile, IsRefusedWhenOthersMayReadIt) {
  ASSERT_EQ(error(), "");
  for (const mode_t mode : {0640U, 0604U, 0620U}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    EXPECT_NE(error().find("others have access"), std::string::npos) << mode;
  }
  ASSERT_EQ(chmod(path_.c_str(), 0400), 0);
  EXPECT_EQ(error(), "");
}

TEST_F(KeyFile, IsRefusedWhenItIsNoKey) {
  ASSERT_EQ(error(), "");
  std::string good;
  std::getline(std::ifstream(path_), good, '\0');
  for (const std::string& text :
       {std::string(), good.substr(1), good.substr(0, good.size() - 3), good + "00",
        good.substr(0, good.size() - 2) + "g\n", std::string(2'000, 'a')}) {
    std::ofstream(path_, std::ios::trunc) << text;
    EXPECT_NE(error().find("no key of this server"), std::string::npos) << text;
  }
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_NE(error(), "");
  path_ = directory_.path() + "/missing/access.key";
  EXPECT_NE(error(), "");
}

}  // namespace
}  // namespace millrace::iam
