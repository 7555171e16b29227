// A bucket of a service that speaks the API of Amazon S3. It must be there.
#pragma once

#include <memory>
#include <string>

#include "buckets/bucket.h"
#include "buckets/signed_client.h"

namespace millrace::buckets {

class S3Bucket final : public Bucket {
 public:
  // `endpoint`: "https://s3.eu-west-1.amazonaws.com"; the bucket is named in the path.
  S3Bucket(std::string endpoint, std::string region, std::string name,
           std::shared_ptr<SignedClient> client);

  [[nodiscard]] Status put(const Object& object) override;
  [[nodiscard]] Result<std::optional<StoredObject>> get(const std::string& name) override;
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& prefix) override;

 private:
  // Of `path` below the bucket, encoded.
  [[nodiscard]] Result<ServiceAnswer> fetch(const std::string& path, size_t bytes_max);

  const std::string url_;  // with a '/' at the end
  const std::string region_;
  const std::shared_ptr<SignedClient> client_;
};

// The code that the service gave for the failure of an operation of S3Bucket: "NoSuchBucket",
// "AccessDenied". Empty: it gave none, or there was no answer.
[[nodiscard]] std::string s3_error_code(const Error& error);

}  // namespace millrace::buckets
