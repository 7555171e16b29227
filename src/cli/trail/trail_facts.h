// What the server says of a trail that is to be validated.
#pragma once

#include "auth/sigv4.h"
#include "cli/client/service_client.h"
#include "cli/trail/trail_scope.h"

namespace millrace::cli::trail {

// Without the range. InvalidConfiguration for what is no ARN of a trail.
[[nodiscard]] Result<TrailScope> find_trail(ServiceClient& client, const std::string& arn);
// That may have signed digests of the range.
[[nodiscard]] Result<PublicKeys> find_public_keys(ServiceClient& client, int64_t start_milliseconds,
                                                  int64_t end_milliseconds);

// Of a trail's bucket: a directory, or a service.
struct BucketPlace {
  std::string directory;  // of the bucket itself
  std::string endpoint;
  std::string region;
};
[[nodiscard]] Result<BucketPlace> find_bucket_place(ServiceClient& client, const std::string& arn);

// Other buckets than `bucket`, that of the place, are looked for beside it.
[[nodiscard]] OpenBucket bucket_opener(const BucketPlace& place, const std::string& bucket,
                                       const auth::SigningCredentials& credentials);

}  // namespace millrace::cli::trail
