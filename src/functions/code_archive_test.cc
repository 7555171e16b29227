#include "functions/code_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <filesystem>
#include <fstream>
#include <functional>

#include <sys/stat.h>

#include "engine/temporary_directory_testing.h"

namespace millrace::functions {
namespace {

namespace fs = std::filesystem;

struct Entry {
  std::string path;
  std::string content;
  mode_t type = AE_IFREG;
  mode_t mode = 0644;
};

std::string zip_of(const std::vector<Entry>& entries, const char* options = nullptr) {
  std::string zip(1 << 20, '\0');
  size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format_zip(writer);
  if (options != nullptr) {
    archive_write_set_options(writer, options);
    archive_write_set_passphrase(writer, "secret");
  }
  archive_write_open_memory(writer, zip.data(), zip.size(), &used);
  for (const Entry& entry : entries) {
    archive_entry* header = archive_entry_new();
    archive_entry_set_pathname(header, entry.path.c_str());
    archive_entry_set_filetype(header, entry.type);
    archive_entry_set_perm(header, entry.mode);
    if (entry.type == AE_IFLNK) {
      archive_entry_set_symlink(header, entry.content.c_str());
    } else {
      archive_entry_set_size(header, static_cast<int64_t>(entry.content.size()));
    }
    archive_write_header(writer, header);
    if (entry.type == AE_IFREG) {
      archive_write_data(writer, entry.content.data(), entry.content.size());
    }
    archive_entry_free(header);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  zip.resize(used);
  return zip;
}

class UnpackCode : public ::testing::Test {
 protected:
  Result<int64_t> unpack(const std::string& zip, UnpackLimits limits = {}) {
    fs::remove_all(to_);
    fs::create_directories(to_);
    return unpack_code(zip, to_, limits);
  }
  std::string refusal(const std::string& zip, UnpackLimits limits = {}) {
    const auto result = unpack(zip, limits);
    if (result.ok()) return "";
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidParameterValueException);
    return result.error().message;
  }
  std::string read(const std::string& path) {
    std::ifstream file(to_ + "/" + path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  // Nothing was written beside the directory.
  void expect_nothing_outside() {
    for (const auto& entry : fs::directory_iterator(directory_.path())) {
      EXPECT_EQ(entry.path().filename(), "code");
    }
  }

  const engine::TemporaryDirectory directory_;
  const std::string to_ = directory_.path() + "/code";
};

constexpr std::string_view kCannotUnzip =
    "Could not unzip uploaded file. Please check your file, then try to upload again.";

TEST_F(UnpackCode, WritesFilesWithTheirExecutableBits) {
  const auto bytes = unpack(zip_of({{"bootstrap", "#!/bin/sh\n", AE_IFREG, 04777},
                                    {"lib/", "", AE_IFDIR, 0700},
                                    {"lib/a.mjs", "export {}", AE_IFREG, 0600},
                                    {"./deep/er/b.txt", "b"},
                                    {"gr\xC3\xBC\xC3\x9F.txt", "u"}}));
  ASSERT_TRUE(bytes.ok()) << bytes.error().message;
  EXPECT_EQ(*bytes, 21);
  EXPECT_EQ(read("bootstrap"), "#!/bin/sh\n");
  EXPECT_EQ(read("lib/a.mjs"), "export {}");
  EXPECT_EQ(read("deep/er/b.txt"), "b");
  EXPECT_EQ(read("gr\xC3\xBC\xC3\x9F.txt"), "u");
  struct stat status {};
  ASSERT_EQ(stat((to_ + "/bootstrap").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0755u);
  ASSERT_EQ(stat((to_ + "/lib/a.mjs").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0644u);
}

TEST_F(UnpackCode, PathsDoNotLeadOut) {
  for (const char* path : {"../evil", "a/../../evil", "/evil", "..", "a/..", "/"}) {
    EXPECT_EQ(refusal(zip_of({{path, "x"}})), kCannotUnzip) << path;
    expect_nothing_outside();
  }
}

TEST_F(UnpackCode, LinksStayInside) {
  ASSERT_TRUE(unpack(zip_of({{"lib/a.so.1", "so"}, {"lib/a.so", "a.so.1", AE_IFLNK}})).ok());
  EXPECT_EQ(read("lib/a.so"), "so");
  using Links = std::vector<Entry>;
  for (const Links& links : {
           Links{{"l", "/etc/passwd", AE_IFLNK}},
           Links{{"l", "..", AE_IFLNK}},
           Links{{"l", "nothing", AE_IFLNK}},
           Links{{"l", "l", AE_IFLNK}},
           // Each of them alone looks as if it stayed inside.
           Links{{"a/b", "..", AE_IFLNK}, {"c", "a/b/..", AE_IFLNK}},
       }) {
    EXPECT_EQ(refusal(zip_of(links)), kCannotUnzip) << links.front().content;
  }
}

TEST_F(UnpackCode, NothingIsWrittenThroughLinks) {
  const std::string outside = directory_.path() + "/outside";
  fs::create_directory(outside);
  EXPECT_EQ(refusal(zip_of({{"l", outside, AE_IFLNK}, {"l/evil", "x"}})), kCannotUnzip);
  EXPECT_TRUE(fs::is_empty(outside));
}

TEST_F(UnpackCode, SizesAreCountedAsTheyAreWritten) {
  const std::string zip = zip_of({{"a", std::string(3000, 'a')}, {"b", std::string(3000, 'b')}});
  EXPECT_TRUE(unpack(zip, {6000, 10}).ok());
  EXPECT_EQ(refusal(zip, {5999, 10}), "Unzipped size must be smaller than 5999 bytes");
  EXPECT_EQ(refusal(zip, {6000, 1}), "Uploaded file must have no more than 1 entries");
}

TEST_F(UnpackCode, DamagedFilesAreRefused) {
  const std::string zip = zip_of({{"a", std::string(3000, 'a')}, {"b", "text"}});
  EXPECT_EQ(refusal(""), "Uploaded file must be a non-empty zip");
  EXPECT_EQ(refusal("not a zip file"), kCannotUnzip);
  EXPECT_EQ(refusal(std::string(100'000, '\0')), kCannotUnzip);
  for (size_t length = 1; length < zip.size(); length += 7) {
    EXPECT_NE(refusal(zip.substr(0, length)), "") << length;
  }
  for (size_t at = 0; at < zip.size(); ++at) {
    std::string damaged = zip;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    static_cast<void>(unpack(damaged));
    expect_nothing_outside();
  }
}

TEST_F(UnpackCode, EmptyAndEncryptedFilesAreRefused) {
  EXPECT_EQ(refusal(zip_of({})), "Uploaded file must be a non-empty zip");
  EXPECT_EQ(refusal(zip_of({{"a", "secret"}}, "zip:encryption=zipcrypt")), kCannotUnzip);
}

TEST_F(UnpackCode, AFileTwiceIsTheLastOfThem) {
  ASSERT_TRUE(unpack(zip_of({{"a", "longer"}, {"a", "short"}})).ok());
  EXPECT_EQ(read("a"), "short");
  EXPECT_EQ(refusal(zip_of({{"a", "file"}, {"a/b", "in it"}})), kCannotUnzip);
}

}  // namespace
}  // namespace millrace::functions
