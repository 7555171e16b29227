// Where objects are kept for good: a directory of the server's, or a bucket of an S3-compatible
// service.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace millrace::buckets {

struct Object {
  std::string name;  // "a/b/c.json"
  Bytes content;
  std::string content_type = "application/octet-stream";
  // Lower-case names, not "content-type" nor "content-encoding".
  std::map<std::string, std::string> metadata = {};
  std::string content_encoding = {};  // "gzip"; empty: none
  // The key of AWS KMS by which an S3-compatible service is asked to encrypt it; empty: none.
  std::string kms_key_id = {};
};

struct StoredObject {
  Bytes content;  // as it was stored: nothing is decompressed
  std::map<std::string, std::string> metadata = {};

  friend bool operator==(const StoredObject&, const StoredObject&) = default;
};

// More is not read.
inline constexpr size_t kObjectBytesMax = size_t{256} << 20;

// For one thread at a time.
class Bucket {
 public:
  virtual ~Bucket() = default;
  // Stores the whole object, or nothing, in place of what had its name, and returns when it is
  // durable. InvalidParameterValueException for a name that no object can have, ServiceException
  // when it could not be stored: try again.
  [[nodiscard]] virtual Status put(const Object& object) = 0;
  // nullopt: there is no object of the name. Errors as of put().
  [[nodiscard]] virtual Result<std::optional<StoredObject>> get(const std::string& name) = 0;
  // The names of all objects that begin so, in the order of their bytes. ServiceException.
  [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& prefix) = 0;
};

}  // namespace millrace::buckets
