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

 private:
  const std::string url_;  // with a '/' at the end
  const std::string region_;
  const std::shared_ptr<SignedClient> client_;
};

}  // namespace millrace::buckets
