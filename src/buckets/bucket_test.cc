#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "buckets/directory_bucket.h"
#include "buckets/names.h"

namespace millrace::buckets {
namespace {

namespace fs = std::filesystem;

class Directory : public testing::Test {
 protected:
  Directory() { EXPECT_NE(mkdtemp(root_.data()), nullptr); }
  ~Directory() override { fs::remove_all(root_); }

  [[nodiscard]] std::string directory() const { return root_ + "/buckets/audit"; }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream file(directory() + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] size_t files() const {
    size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }

  std::string root_ = "/tmp/millrace-buckets-XXXXXX";
};

TEST_F(Directory, ObjectsAreFiles) {
  DirectoryBucket bucket(directory());
  EXPECT_FALSE(fs::exists(directory()));
  const Bytes binary("a\0b", 3);
  ASSERT_TRUE(bucket.put({.name = "x/y/z.json", .content = binary}).ok());
  ASSERT_TRUE(bucket.put({.name = "x/other", .content = ""}).ok());
  EXPECT_EQ(content("x/y/z.json"), binary);
  EXPECT_TRUE(fs::exists(directory() + "/x/other"));
  ASSERT_TRUE(bucket.put({.name = "x/y/z.json", .content = "later"}).ok());
  EXPECT_EQ(content("x/y/z.json"), "later");
  EXPECT_EQ(files(), 2u);
}

TEST_F(Directory, APathMayBeRelative) {
  const fs::path before = fs::current_path();
  fs::current_path(root_);
  DirectoryBucket bucket("buckets/audit");
  EXPECT_TRUE(bucket.put({.name = "a/b", .content = "1"}).ok());
  fs::current_path(before);
  EXPECT_EQ(content("a/b"), "1");
}

TEST_F(Directory, MetadataIsKeptBeside) {
  DirectoryBucket bucket(directory());
  Object object{.name = "a/b.json",
                .content = "1",
                .content_type = "application/json",
                .metadata = {{"signature", "\"s\""}}};
  ASSERT_TRUE(bucket.put(object).ok());
  EXPECT_EQ(content("a/b.json.metadata.json"),
            R"({"content-type":"application/json","signature":"\"s\""})");
  EXPECT_EQ(bucket.get("a/b.json").value()->metadata, object.metadata);
  object.content_encoding = "gzip";
  ASSERT_TRUE(bucket.put(object).ok());
  EXPECT_EQ(content("a/b.json.metadata.json"),
            R"({"content-type":"application/json","content-encoding":"gzip","signature":"\"s\""})");
  EXPECT_EQ(bucket.get("a/b.json").value()->metadata, object.metadata);
  object.content_encoding.clear();
  object.metadata.clear();
  ASSERT_TRUE(bucket.put(object).ok());
  EXPECT_EQ(files(), 1u);
  EXPECT_TRUE(bucket.get("a/b.json").value()->metadata.empty());
  // There is no place for that of this one.
  object.name = std::string(250, 'a');
  EXPECT_TRUE(bucket.put(object).ok());
  object.content_encoding = "gzip";
  EXPECT_EQ(bucket.put(object).error().code, ErrorCode::kInvalidParameterValueException);
}

TEST_F(Directory, ObjectsAreRead) {
  DirectoryBucket bucket(directory());
  EXPECT_EQ(bucket.get("a/b").value(), std::nullopt);
  const Bytes binary("a\0b", 3);
  ASSERT_TRUE(bucket.put({.name = "a/b", .content = binary}).ok());
  EXPECT_EQ(bucket.get("a/b").value()->content, binary);
  for (const std::string name : {"a/c", "a/b/c"}) {
    EXPECT_EQ(bucket.get(name).value(), std::nullopt) << name;
  }
  EXPECT_EQ(bucket.get("a").error().code, ErrorCode::kServiceException);
  EXPECT_EQ(bucket.get("../audit/a/b").error().code, ErrorCode::kInvalidParameterValueException);
  // What somebody else put there.
  fs::create_symlink("/etc/passwd", directory() + "/a/link");
  EXPECT_EQ(bucket.get("a/link").error().code, ErrorCode::kServiceException);
  ASSERT_EQ(mkfifo((directory() + "/a/pipe").c_str(), 0600), 0);
  EXPECT_EQ(bucket.get("a/pipe").error().code, ErrorCode::kServiceException);
  for (const char* metadata : {"", "[]", R"({"a":1})"}) {
    std::ofstream(directory() + "/a/b.metadata.json") << metadata;
    EXPECT_EQ(bucket.get("a/b").error().code, ErrorCode::kServiceException) << metadata;
  }
}

TEST_F(Directory, ObjectsAreListed) {
  DirectoryBucket bucket(directory());
  using Names = std::vector<std::string>;
  EXPECT_EQ(bucket.list("").value(), Names{});
  for (const std::string name : {"b/2", "b/1/x", "a", "b-c", "c/1"}) {
    ASSERT_TRUE(bucket.put({.name = name, .content = "", .metadata = {{"m", "v"}}}).ok());
  }
  fs::create_directory_symlink("b", directory() + "/d");
  EXPECT_EQ(bucket.list("").value(), (Names{"a", "b-c", "b/1/x", "b/2", "c/1"}));
  EXPECT_EQ(bucket.list("b").value(), (Names{"b-c", "b/1/x", "b/2"}));
  EXPECT_EQ(bucket.list("b/").value(), (Names{"b/1/x", "b/2"}));
  EXPECT_EQ(bucket.list("b/1").value(), Names{"b/1/x"});
  for (const std::string prefix : {"x/", "a/b", "../", "b/../", "/", ".millrace/"}) {
    EXPECT_EQ(bucket.list(prefix).value(), Names{}) << prefix;
  }
}

TEST_F(Directory, NamesThatLeadElsewhereAreRefused) {
  DirectoryBucket bucket(directory());
  for (const std::string& name : std::vector<std::string>{
           "", "/a", "a/", "a//b", "..", "../a", "a/../../b", "a/..", ".", "a/./b",
           std::string("a\0b", 3), "a\nb", "a\x7F", std::string(256, 'a'), ".millrace/new/1",
           ".millrace", "a/b.metadata.json", std::string(513, 'a') + "/" + std::string(513, 'b')}) {
    const auto status = bucket.put({.name = name, .content = "x"});
    ASSERT_FALSE(status.ok()) << name;
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidParameterValueException);
  }
  EXPECT_EQ(files(), 0u);
  EXPECT_TRUE(bucket.put({.name = std::string(255, 'a') + "/..b/.c", .content = "x"}).ok());
  // Of parts that are short enough.
  EXPECT_FALSE(check_object_name(std::string(205, 'a') + "/" + std::string(205, 'a') + "/" +
                                 std::string(205, 'a') + "/" + std::string(205, 'a') + "/" +
                                 std::string(205, 'a'))
                   .ok());
}

TEST_F(Directory, AFailureLeavesWhatWasThere) {
  DirectoryBucket bucket(directory());
  ASSERT_TRUE(bucket.put({.name = "a", .content = "1"}).ok());
  // "a" is a file: nothing can be below it.
  const auto status = bucket.put({.name = "a/b", .content = "2"});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kServiceException);
  ASSERT_TRUE(bucket.put({.name = "d/e", .content = "3"}).ok());
  EXPECT_FALSE(bucket.put({.name = "d", .content = "4"}).ok());
  EXPECT_EQ(content("a"), "1");
  EXPECT_EQ(content("d/e"), "3");
  EXPECT_EQ(files(), 2u);
}

TEST_F(Directory, LeftoversOfAnEndedServerGo) {
  fs::create_directories(directory() + "/.millrace/new");
  std::ofstream(directory() + "/.millrace/new/1") << "half";
  DirectoryBucket bucket(directory());
  ASSERT_TRUE(bucket.put({.name = "a", .content = "1"}).ok());
  ASSERT_TRUE(bucket.put({.name = "b", .content = "2"}).ok());
  EXPECT_EQ(files(), 2u);
}

TEST(BucketName, AsTheServiceHasIt) {
  for (const std::string_view name : {"abc", "a.b-c9", "000"}) EXPECT_TRUE(is_bucket_name(name));
  for (const std::string& name : std::vector<std::string>{
           "", "ab", "Abc", "a_b", "a..b", ".abc", "abc-", "-abc", "a/b", std::string(64, 'a')}) {
    EXPECT_FALSE(is_bucket_name(name)) << name;
  }
}

}  // namespace
}  // namespace millrace::buckets
