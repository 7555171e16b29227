#include "cli/resources/code_archive.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/resources/handler.h"

namespace millrace::cli::resources {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CodeArchiveTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(::testing::TempDir()) / ("millrace-code-" + std::to_string(getpid()));
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  fs::path write(const std::string& name, const std::string& text) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
    return root_ / name;
  }
  std::string refusal(const fs::path& path) {
    const auto packed = pack_code(path);
    return packed.ok() ? "" : packed.error().message;
  }

  fs::path root_;
};

TEST_F(CodeArchiveTest, TheSameCodeIsTheSameZip) {
  write("a/index.mjs", "export const handler = 1;\n");
  write("a/node_modules/x/index.js", "module.exports = 1;\n");
  write("a/.git/HEAD", "main");
  const auto first = pack_code(root_ / "a");
  ASSERT_TRUE(first.ok());
  fs::rename(root_ / "a/index.mjs", root_ / "a/other");
  fs::rename(root_ / "a/other", root_ / "a/index.mjs");
  fs::last_write_time(root_ / "a/index.mjs",
                      fs::file_time_type::clock::now() + std::chrono::hours(5));
  write("a/.git/HEAD", "other");
  EXPECT_EQ(*pack_code(root_ / "a"), *first);
  write("a/node_modules/x/index.js", "module.exports = 2;\n");
  EXPECT_NE(*pack_code(root_ / "a"), *first);
}

TEST_F(CodeArchiveTest, FilesKeepNameContentAndMode) {
  const fs::path file = write("bootstrap", "#!/bin/sh\n");
  fs::permissions(file, fs::perms::owner_all);
  const auto files = top_level_files(*pack_code(file));
  ASSERT_TRUE(files.ok());
  ASSERT_EQ(files->size(), 1U);
  EXPECT_EQ(files->front().name, "bootstrap");
  EXPECT_EQ(files->front().content, "#!/bin/sh\n");
  EXPECT_TRUE(files->front().is_executable);
}

TEST_F(CodeArchiveTest, AZipFileIsTakenAsItIs) {
  const std::string zip = *pack_code(write("index.js", "1"));
  EXPECT_EQ(*pack_code(write("code.zip", zip)), zip);
  EXPECT_THAT(refusal(write("bad.zip", "nothing")), HasSubstr("is not a zip file"));
}

TEST_F(CodeArchiveTest, LinksAreFollowedInsideOnly) {
  write("a/lib/x.js", "1");
  fs::create_symlink("lib/x.js", root_ / "a/y.js");
  EXPECT_EQ(top_level_files(*pack_code(root_ / "a"))->front().content, "1");
  write("secret", "s");
  fs::create_symlink("../secret", root_ / "a/z.js");
  EXPECT_THAT(refusal(root_ / "a"), HasSubstr("leads out of the directory"));
  fs::remove(root_ / "a/z.js");
  fs::create_directory_symlink(".", root_ / "a/loop");
  EXPECT_THAT(refusal(root_ / "a"), HasSubstr("nested too deep"));
}

TEST_F(CodeArchiveTest, WhatIsNoCodeIsRefused) {
  EXPECT_THAT(refusal(root_ / "none"), HasSubstr("No such file"));
  fs::create_directory(root_ / "empty");
  EXPECT_THAT(refusal(root_ / "empty"), HasSubstr("is empty"));
  EXPECT_THAT(refusal("/dev/null"), HasSubstr("neither a file nor a directory"));
  EXPECT_FALSE(top_level_files("no zip").ok());
}

std::string handler_of(std::vector<CodeFile> files) {
  const auto found = find_handler(files);
  return found.ok() ? found->runtime + " " + found->handler : found.error().message;
}

TEST(FindHandlerTest, FindsWhatIsExported) {
  EXPECT_EQ(handler_of({{"a.mjs", "export const handler = async (event) => 1;"}}),
            "nodejs20.x a.handler");
  EXPECT_EQ(handler_of({{"a.js", "exports.handler = async () => 1;"}}), "nodejs20.x a.handler");
  EXPECT_EQ(handler_of({{"a.js", "exports.other = 1;\nexports.lambdaHandler = f;"}}),
            "nodejs20.x a.lambdaHandler");
  EXPECT_EQ(handler_of({{"a.cjs", "module.exports = { a, handler };"}}), "nodejs20.x a.handler");
  EXPECT_EQ(handler_of({{"a.mjs", "export async function onChange(event) {}"}}),
            "nodejs20.x a.onChange");
  EXPECT_EQ(handler_of({{"a.mjs", "const f = 1;\nexport { f as handler };"}}),
            "nodejs20.x a.handler");
  EXPECT_EQ(handler_of({{"a.py", "def lambda_handler(event, context):\n  pass"}}),
            "python3.11 a.lambda_handler");
  EXPECT_EQ(handler_of({{"a.py", "def f(x):\n  pass\ndef handler(event, context):\n  pass"}}),
            "python3.11 a.handler");
  EXPECT_EQ(handler_of({{"bootstrap", "#!"}, {"a.py", ""}}), "provided.al2023 bootstrap");
}

TEST(FindHandlerTest, TakesTheUsualFileOfSeveral) {
  EXPECT_EQ(handler_of({{"z.mjs", "export const handler = 1"},
                        {"index.mjs", "export const handler = 1"},
                        {"package.json", "{}"}}),
            "nodejs20.x index.handler");
  EXPECT_THAT(handler_of({{"a.js", ""}, {"b.js", ""}}), HasSubstr("has several files"));
}

TEST(FindHandlerTest, SaysWhatIsNotClear) {
  EXPECT_THAT(handler_of({{"a.mjs", "export const a = 1;\nexport const b = 2;"}}),
              HasSubstr("a.mjs exports 2 functions and none is called handler"));
  EXPECT_THAT(handler_of({{"a.js", "1"}}), HasSubstr("exports no function"));
  EXPECT_THAT(handler_of({{"readme.md", ""}}), HasSubstr("neither JavaScript, Python nor"));
}

}  // namespace
}  // namespace millrace::cli::resources
