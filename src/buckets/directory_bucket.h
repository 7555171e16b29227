// A bucket that is a directory: an object is a file of its name in it. Content type and metadata,
// if there are any of note, are in a file of the same name under ".millrace/metadata", JSON.
#pragma once

#include <atomic>
#include <string>

#include "buckets/bucket.h"

namespace millrace::buckets {

class DirectoryBucket final : public Bucket {
 public:
  // The directory is made with the first object. Its parent exists.
  explicit DirectoryBucket(std::string directory) : directory_(std::move(directory)) {}

  [[nodiscard]] Status put(const Object& object) override;

 private:
  // Makes the file at `path` within the directory have this content, or be as it was.
  [[nodiscard]] Status write(const std::string& path, ByteView content);
  [[nodiscard]] Status write_metadata(const Object& object);
  // Of what was being written when the server ended.
  void remove_leftovers();

  const std::string directory_;
  bool leftovers_removed_ = false;
  // Names of temporary files: several buckets may be of one directory.
  static inline std::atomic<uint64_t> written_ = 0;
};

}  // namespace millrace::buckets
