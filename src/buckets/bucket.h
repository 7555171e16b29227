// Where objects are kept for good: a directory of the server's, or a bucket of an S3-compatible
// service.
#pragma once

#include <map>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace millrace::buckets {

struct Object {
  std::string name;  // "a/b/c.json"
  Bytes content;
  std::string content_type = "application/octet-stream";
  std::map<std::string, std::string> metadata = {};  // lower-case names
  // The key of AWS KMS by which an S3-compatible service is asked to encrypt it; empty: none.
  std::string kms_key_id = {};
};

class Bucket {
 public:
  virtual ~Bucket() = default;
  // Stores the whole object, or nothing, in place of what had its name, and returns when it is
  // durable. InvalidParameterValueException for a name that no object can have, ServiceException
  // when it could not be stored: try again. For one thread at a time.
  [[nodiscard]] virtual Status put(const Object& object) = 0;
};

}  // namespace millrace::buckets
