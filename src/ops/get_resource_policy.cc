#include "ops/get_resource_policy.h"

#include "json/writer.h"
#include "ops/resource_policy_request.h"

namespace millrace::ops {
namespace {

// The stream of a table that is gone is there for a while, and has no policy.
Result<catalog::ResourcePolicyPointer> find_policy(const catalog::Catalog& catalog,
                                                   const PolicyOwner& owner) {
  if (owner.is_stream()) {
    const auto stream = catalog.find_stream(owner.table_name, owner.stream_label);
    if (stream) return stream->resource_policy;
  }
  const auto table = TRY(find_owner_table(catalog, owner));
  if (owner.is_stream()) (void)TRY(find_owner_stream(catalog, owner, *table));
  return table->resource_policy;
}

}  // namespace

Result<std::string> get_resource_policy(const Call& call) {
  const PolicyOwner owner = TRY(read_policy_owner(call));
  const auto policy = TRY(find_policy(call.database.catalog, owner));
  if (!policy) return policy_not_found(owner.arn);
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("Policy", policy->json);
  writer.member("RevisionId", policy->revision_id);
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
