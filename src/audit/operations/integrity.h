// The operations of the trail's integrity: keys, and where the files are.
#pragma once

#include <functional>
#include <vector>

#include "api/service.h"
#include "audit/settings.h"
#include "audit/signing_keys.h"
#include "audit/trail.h"
#include "catalog/arn.h"

namespace millrace::audit {

// The trail of that name, nullptr: there is none. Any thread.
using FindTrail = std::function<TrailPointer(std::string_view name)>;

// Of CloudTrail: ListPublicKeys. All must outlive the operations.
[[nodiscard]] std::vector<api::JsonOperation> integrity_operations(const SigningKeys& keys,
                                                                   const Clock& clock);
// Millrace's own: DescribeTrailBucket and RotateTrailKey. `keys` must outlive the operations.
[[nodiscard]] std::vector<api::JsonOperation> millrace_trail_operations(
    SigningKeys& keys, FindTrail find_trail, const catalog::Site& site,
    const AuditSettings& settings);

// All keys that may have signed a digest that ends between the two times, or without times the one
// that signs now. InvalidTimeRangeException, InvalidTokenException.
[[nodiscard]] Result<std::string> list_public_keys(json::Object input, const SigningKeys& keys,
                                                   const Clock& clock);
// Where the bucket of a trail is: {"Bucket", "Directory"}, an absolute path on the server's
// machine, or {"Bucket", "Endpoint", "Region"}. CloudTrailARNInvalidException,
// TrailNotFoundException.
[[nodiscard]] Result<std::string> describe_trail_bucket(json::Object input,
                                                        const FindTrail& find_trail,
                                                        const catalog::Site& site,
                                                        const AuditSettings& settings);
// {"Fingerprint"} of the key that signs from now on.
[[nodiscard]] Result<std::string> rotate_trail_key(SigningKeys& keys);

}  // namespace millrace::audit
