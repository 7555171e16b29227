#include "audit/operations/integrity.h"

namespace millrace::audit {

std::vector<api::JsonOperation> integrity_operations(const SigningKeys& keys, const Clock& clock) {
  return {{"ListPublicKeys", "ListPublicKeysRequest",
           [&keys, &clock](const api::Request& request, const api::Reply& reply) {
             reply(list_public_keys(request.input, keys, clock));
           }}};
}

std::vector<api::JsonOperation> millrace_trail_operations(SigningKeys& keys, FindTrail find_trail,
                                                          const catalog::Site& site,
                                                          const AuditSettings& settings) {
  return {
      {"DescribeTrailBucket", "DescribeTrailBucketInput",
       [find_trail = std::move(find_trail), site, settings](const api::Request& request,
                                                            const api::Reply& reply) {
         reply(describe_trail_bucket(request.input, find_trail, site, settings));
       }},
      {"RotateTrailKey", "RotateTrailKeyInput",
       [&keys](const api::Request&, const api::Reply& reply) { reply(rotate_trail_key(keys)); }}};
}

}  // namespace millrace::audit
