// A bucket that is a directory: an object is a file of its name in it. One with metadata or a
// content encoding has these in a file NAME.metadata.json beside it: a flat JSON object of strings,
// with "content-type", and "content-encoding" where there is one. No object can have such a name.
#pragma once

#include <atomic>
#include <string>

#include "buckets/bucket.h"

namespace millrace::buckets {

class DirectoryBucket final : public Bucket {
 public:
  // The directory is made with the first object. Its parent exists.
  explicit DirectoryBucket(std::string directory) : directory_(std::move(directory)) {}

  // Metadata first, so that no object is seen without its own.
  [[nodiscard]] Status put(const Object& object) override;
  [[nodiscard]] Result<std::optional<StoredObject>> get(const std::string& name) override;
  // Symbolic links are not followed.
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& prefix) override;

 private:
  // Makes the file at `path` within the directory have this content, or be as it was.
  [[nodiscard]] Status write(const std::string& path, ByteView content);
  [[nodiscard]] Status write_metadata(const Object& object);
  // Of what was being written when the server ended.
  void remove_leftovers();

  const std::string directory_;
  bool leftovers_removed_ = false;
  // Names of temporary files: several buckets may be of one directory.
  static inline std::atomic<uint64_t> written = 0;
};

}  // namespace millrace::buckets
