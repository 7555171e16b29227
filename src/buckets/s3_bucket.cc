#include "buckets/s3_bucket.h"

#include "auth/digest.h"
#include "auth/uri.h"
#include "buckets/names.h"

namespace millrace::buckets {

S3Bucket::S3Bucket(std::string endpoint, std::string region, std::string name,
                   std::shared_ptr<SignedClient> client)
    : url_(std::move(endpoint) + "/" + std::move(name) + "/"),
      region_(std::move(region)),
      client_(std::move(client)) {}

Status S3Bucket::put(const Object& object) {
  TRY(check_object_name(object.name));
  ServiceRequest request{.method = "PUT",
                         .url = url_,
                         .service = "s3",
                         .region = region_,
                         .headers = {{"Content-Type", object.content_type}},
                         .body = object.content};
  auth::append_uri_encoded(request.url, object.name, true);
  // The service wants to see what of the content is signed.
  std::string digest;
  auth::append_hex(digest, auth::sha256(object.content));
  request.headers.emplace_back("x-amz-content-sha256", digest);
  for (const auto& [name, value] : object.metadata) {
    request.headers.emplace_back("x-amz-meta-" + name, value);
  }
  TRY(client_->send(request));
  return Done{};
}

}  // namespace millrace::buckets
